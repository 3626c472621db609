import { z } from 'zod';
import { baseUrl, list, url, wholeNumber } from './variables.ts';

const TWILIO = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'] as const;

/** The protocol of conversations over Twilio: a webhook per turn, or a WebSocket. */
const CONVERSATIONS = ['gather', 'relay'] as const;

const FAULTS = ['doubled', 'late', 'shuffled'] as const;
/** Faults that a simulated line can inject into the delivery of events, as they occur on real lines. */
export type LineFault = (typeof FAULTS)[number];

/** The telephony provider, and the limits of a call. */
export const telephonySettings = z
  .object({
    TWILIO_ACCOUNT_SID: z
      .string()
      .regex(/^AC[0-9a-f]{32}$/i, { error: 'must be an account SID: AC and 32 hexadecimal digits' })
      .optional(),
    TWILIO_AUTH_TOKEN: z.string().optional(),
    TWILIO_FROM: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, { error: 'must be a phone number in E.164, as +97239876543' })
      .optional(),
    TWILIO_BASE_URL: url('http:', 'https:').optional(),
    TWILIO_INBOUND_USERNAME: z.string().optional(),
    TWILIO_CONVERSATION: z.enum(CONVERSATIONS, { error: `must be ${CONVERSATIONS.join(' or ')}` }).default('gather'),
    PUBLIC_URL: baseUrl.optional(),
    CALLS_PER_SECOND: wholeNumber(1, 1_000).default(1),
    CALL_RING_SECONDS: wholeNumber(5, 120).default(30),
    CALL_MAX_SECONDS: wholeNumber(30, 14_400).default(600),
    SIMULATED_CALL_SEED: z.string().default('parley'),
    SIMULATED_CALL_SPEED: wholeNumber(1, 10_000).default(1),
    SIMULATED_CALL_FAULTS: list
      .refine((words) => words.every((word) => (FAULTS as readonly string[]).includes(word)), {
        error: `must be of ${FAULTS.join(', ')}, between commas`,
      })
      .default([]),
  })
  .superRefine((vars, context) => {
    const wanted = [...TWILIO, 'PUBLIC_URL'] as const;
    if (!TWILIO.some((name) => vars[name])) return;
    for (const name of wanted)
      if (!vars[name])
        context.addIssue({ code: 'custom', path: [name], message: `is missing: ${wanted.join(', ')} go together` });
  })
  .transform((vars) => ({
    telephony: {
      callsPerSecond: vars.CALLS_PER_SECOND,
      ringSeconds: vars.CALL_RING_SECONDS,
      maxSeconds: vars.CALL_MAX_SECONDS,
      simulated: {
        seed: vars.SIMULATED_CALL_SEED,
        speed: vars.SIMULATED_CALL_SPEED,
        faults: vars.SIMULATED_CALL_FAULTS as LineFault[],
      },
      twilio:
        vars.TWILIO_ACCOUNT_SID && vars.TWILIO_AUTH_TOKEN && vars.TWILIO_FROM && vars.PUBLIC_URL
          ? {
              accountSid: vars.TWILIO_ACCOUNT_SID,
              authToken: vars.TWILIO_AUTH_TOKEN,
              from: vars.TWILIO_FROM,
              baseUrl: vars.TWILIO_BASE_URL ?? null,
              inboundUsername: vars.TWILIO_INBOUND_USERNAME ?? null,
              conversation: vars.TWILIO_CONVERSATION,
              publicUrl: vars.PUBLIC_URL.replace(/\/+$/, ''),
            }
          : null,
    },
  }));

/** The settings of the line. */
export type TelephonySettings = z.output<typeof telephonySettings>['telephony'];
/** The credentials and URLs of Twilio, and the URL under which Twilio reaches this server. */
export type TwilioSettings = NonNullable<TelephonySettings['twilio']>;
