import {
  CallRefused,
  type DialledCall,
  LineUnusable,
  type OutgoingCall,
  type Telephony,
  TooManyCalls,
} from '#adapters/telephony/telephony.ts';
import type { TwilioSettings } from '#config/telephony.ts';
import { checkAccount } from './check-account.ts';
import type { Twilio } from './library.ts';
import { type CallResource, errorText, isCallSid, reportOfResource } from './reports.ts';

/** The time limit for a response of Twilio in milliseconds. After it, it is unknown whether the call was created. */
const TIMEOUT_MS = 10_000;
/** The maximum size of a response in bytes: 50 calls take some 100 KB. */
const MAX_RESPONSE_BYTES = 1024 * 1024;
/** For how many seconds Twilio may listen for an answering machine before the call begins. A person is recognized after one or two. */
const MACHINE_DETECTION_SECONDS = 5;
/** How far Twilio's clock may be behind ours in milliseconds. */
const CLOCK_SKEW_MS = 5_000;

/** The address of webhooks, under PUBLIC_URL; each contains our own id of the call. */
export const WEBHOOKS = '/webhooks/twilio';

/** Returns the line of a Twilio account. */
export function createTwilioLine(
  twilio: Twilio,
  settings: TwilioSettings,
  { ringSeconds, maxSeconds }: { ringSeconds: number; maxSeconds: number },
): Telephony {
  const { accountSid, authToken, from, baseUrl, publicUrl } = settings;
  const httpClient = createHttpClient(twilio, baseUrl);
  const client = twilio(accountSid, authToken, { httpClient });
  const addressOf = (name: string, callId: string) => `${publicUrl}${WEBHOOKS}/${name}?call=${callId}`;
  return {
    name: 'twilio',
    async createCall({ callId, phone }: OutgoingCall) {
      const created = client.calls.create({
        to: phone,
        from,
        url: addressOf('voice', callId),
        method: 'POST',
        statusCallback: addressOf('status', callId),
        statusCallbackMethod: 'POST',
        statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
        timeout: ringSeconds,
        timeLimit: maxSeconds,
        machineDetection: 'Enable',
        machineDetectionTimeout: MACHINE_DETECTION_SECONDS,
      });
      return withSid(await created.catch(explainRefusal)).sid;
    },
    async hangUp(providerCallId) {
      await client.calls(providerCallId).update({ status: 'completed' }).catch(ignoreEnded);
    },
    async fetchReport(call: DialledCall) {
      const { providerCallId } = call;
      const found: CallResource | null = providerCallId
        ? await client.calls(providerCallId).fetch().catch(nullWhereMissing)
        : await findCall(call);
      return found && reportOfResource(withSid(found), new Date());
    },
    checkAccount: () => checkAccount(settings),
    connect() {},
    close() {},
  };

  /** Finds the call that was created to this number at about this time, if any: Twilio stores no name that we could have given it. */
  async function findCall({ phone, dialledAt, others }: DialledCall): Promise<CallResource | null> {
    const since = new Date(dialledAt.getTime() - CLOCK_SKEW_MS);
    const { instances } = await client.calls.page({ to: phone, from, startTimeAfter: since, pageSize: 50 });
    const candidates = instances.filter(({ sid, dateCreated }) => dateCreated >= since && !others.includes(sid));
    return candidates.sort((a, b) => a.dateCreated.getTime() - b.dateCreated.getTime())[0] ?? null;
  }
}

/** Returns the call. Throws if it has no id that can be stored: what answered was not Twilio. */
function withSid<T extends { sid: string }>(call: T): T {
  if (typeof call.sid !== 'string' || !isCallSid(call.sid)) throw new Error('Twilio returned a call without an id.');
  return call;
}

/** Sends requests to another address than Twilio's if one is given. Does not retry. */
function createHttpClient({ RequestClient }: Twilio, baseUrl: string | null) {
  const client = new RequestClient({ timeout: TIMEOUT_MS, autoRetry: false });
  // The timeout of the library begins anew with each byte: a response that never ended would hold up the checks of all overdue calls.
  client.axios.interceptors.request.use((request) =>
    Object.assign(request, { maxContentLength: MAX_RESPONSE_BYTES, signal: AbortSignal.timeout(TIMEOUT_MS) }),
  );
  if (baseUrl === null) return client;
  const send = client.request.bind(client);
  client.request = (options) => {
    const { pathname, search } = new URL(options.uri);
    return send({ ...options, uri: new URL(pathname + search, baseUrl).href });
  };
  return client;
}

type RestError = { status?: number; code?: unknown; message: unknown };

/**
 * Errors of the called number, see https://www.twilio.com/docs/api/errors: invalid (21211, 21217, 21401, 13223, 13226), unreachable
 * (21214), in a country (21215, 13227) or of a type (21202, 21216, 13224, 13225) that the account may not call, or opted out (21610).
 */
const NUMBER_ERRORS = new Set([
  13223, 13224, 13225, 13226, 13227, 21202, 21211, 21214, 21215, 21216, 21217, 21401, 21610,
]);

/** Throws our error for a refusal. Anything but a 4xx response leaves open whether the phone rings. */
function explainRefusal(error: RestError): never {
  const { status = 0, code, message } = error;
  if (status === 429) throw new TooManyCalls(errorText(message));
  if (status < 400 || status >= 500 || status === 408) throw error;
  const words = [errorText(code ?? status), errorText(message ?? 'no reason was given.')] as const;
  throw NUMBER_ERRORS.has(Number(code)) ? new CallRefused(...words) : new LineUnusable(...words);
}

function nullWhereMissing(error: RestError): null {
  if (error.status === 404) return null;
  throw error;
}

/** 21220: the call is not in progress. */
function ignoreEnded(error: RestError): void {
  if (error.code !== 21220 && error.status !== 404) throw error;
}
