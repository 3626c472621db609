import type { AnsweredBy, LineReport, LineStatus } from '#adapters/telephony/telephony.ts';

/** Statuses as Twilio spells them; `in-progress` is what its event "answered" brings. */
const STATUSES = new Map<string, LineStatus>(
  Object.entries({
    queued: 'QUEUED',
    initiated: 'QUEUED',
    ringing: 'RINGING',
    'in-progress': 'IN_PROGRESS',
    completed: 'COMPLETED',
    busy: 'BUSY',
    'no-answer': 'NO_ANSWER',
    failed: 'FAILED',
    canceled: 'CANCELLED',
  }),
);

/** An id of a call, as `CA` with 32 hexadecimal digits: with room for others, and none for what an index does not take. */
const CALL_SID = /^\w{1,64}$/;

/** Whether this may be the id of a call. */
export const isCallSid = (text: string): boolean => CALL_SID.test(text);

/** Events tell of what has just happened: a time as far from ours as this is of a clock that is wrong. */
const MAX_CLOCK_DIFFERENCE_MS = 24 * 3_600_000;
/** UTF-16 units of what an error says. */
const MAX_ERROR_LENGTH = 500;

/** The parameters of a webhook. */
export type WebhookParams = Record<string, string>;

/** Returns what a webhook tells of its call; null where it names none as Twilio does, or a status that nobody knows. */
export function reportOfWebhook(params: WebhookParams, now: Date): LineReport | null {
  const status = STATUSES.get(params.CallStatus ?? '');
  if (!isCallSid(params.CallSid ?? '') || !status) return null;
  return {
    providerCallId: params.CallSid as string,
    status,
    at: timeOf(params.Timestamp, now) ?? now,
    answeredBy: answeredByOf(params.AnsweredBy),
    durationSeconds: secondsOf(params.CallDuration),
    error: errorOf(status, params),
  };
}

/** What of a call the REST API returns. */
export type CallResource = {
  sid: string;
  status: string;
  answeredBy: string | null;
  duration: string | null;
  startTime: Date | null;
  endTime: Date | null;
};

/** Returns what the REST API tells of a call. Its `startTime` is that of the dialling where nobody answered. */
export function reportOfResource(call: CallResource, now: Date): LineReport {
  const status = STATUSES.get(call.status) ?? 'QUEUED';
  return {
    providerCallId: call.sid,
    status,
    at: call.endTime ?? (status === 'IN_PROGRESS' ? call.startTime : null) ?? now,
    answeredBy: answeredByOf(call.answeredBy),
    durationSeconds: secondsOf(call.duration),
    error: errorOf(status, {}),
  };
}

/** Returns who answered by Twilio's word, as `machine_end_beep`; null where it says nothing. */
export function answeredByOf(word: string | null | undefined): AnsweredBy | null {
  if (!word) return null;
  if (word === 'human') return 'HUMAN';
  return word === 'unknown' ? 'UNKNOWN' : 'MACHINE';
}

function errorOf(status: LineStatus, { ErrorCode, ErrorMessage, SipResponseCode }: WebhookParams): LineReport['error'] {
  if (status !== 'FAILED') return null;
  const code = ErrorCode ?? (SipResponseCode ? `SIP ${SipResponseCode}` : 'failed');
  return { code: shorten(code), message: shorten(ErrorMessage ?? 'the number could not be reached.') };
}

function secondsOf(text: string | null | undefined): number | null {
  return text && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

const shorten = (text: string): string => text.slice(0, MAX_ERROR_LENGTH).toWellFormed();

/** Returns a time of the provider's clock; null where that is wrong. */
function timeOf(text: string | undefined, now: Date): Date | null {
  const time = new Date(text ?? '');
  return Math.abs(time.getTime() - now.getTime()) < MAX_CLOCK_DIFFERENCE_MS ? time : null;
}
