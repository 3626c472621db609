import type { AnsweredBy, LineReport, LineStatus } from '#adapters/telephony/telephony.ts';

/** Statuses as Twilio spells them; `in-progress` is that of its event "answered". */
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

/** The id of a call, such as `CA` with 32 hexadecimal digits; other forms are accepted, as far as an index can store them. */
const CALL_SID = /^\w{1,64}$/;

/** Whether this may be the id of a call. */
export const isCallSid = (text: string): boolean => CALL_SID.test(text);

/** Events report what has just happened: a time that differs this much from ours comes from a wrong clock. */
const MAX_CLOCK_DIFFERENCE_MS = 24 * 3_600_000;
/** The maximum length of an error's message in UTF-16 units. */
const MAX_ERROR_LENGTH = 500;

/** The parameters of a webhook. */
export type WebhookParams = Record<string, string>;

/** Returns what a webhook reports about its call; null if it has no call id of Twilio's form, or an unknown status. */
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

/** A call in the REST API, as far as it is used. */
export type CallResource = {
  sid: string;
  status: string;
  answeredBy: string | null;
  duration: string | null;
  startTime: Date | null;
  endTime: Date | null;
};

/** Returns what the REST API reports about a call. Its `startTime` is the time of dialling if nobody answered. */
export function reportOfResource(call: CallResource, now: Date): LineReport {
  const status = STATUSES.get(call.status) ?? 'QUEUED';
  return {
    providerCallId: call.sid,
    status,
    at: validTime(call.endTime) ?? (status === 'IN_PROGRESS' ? validTime(call.startTime) : null) ?? now,
    answeredBy: answeredByOf(call.answeredBy),
    durationSeconds: secondsOf(call.duration),
    error: errorOf(status, {}),
  };
}

/** Returns who answered according to Twilio, such as `machine_end_beep`; null if it does not say. */
export function answeredByOf(word: string | null | undefined): AnsweredBy | null {
  if (!word) return null;
  if (word === 'human') return 'HUMAN';
  return word === 'unknown' ? 'UNKNOWN' : 'MACHINE';
}

function errorOf(status: LineStatus, { ErrorCode, ErrorMessage, SipResponseCode }: WebhookParams): LineReport['error'] {
  if (status !== 'FAILED') return null;
  const code = ErrorCode ?? (SipResponseCode ? `SIP ${SipResponseCode}` : 'failed');
  return { code: errorText(code), message: errorText(ErrorMessage ?? 'the number could not be reached.') };
}

function secondsOf(text: string | null | undefined): number | null {
  return text && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

/** Returns the code or the message of an error as it can be stored: of limited length, and without NUL characters. */
export const errorText = (said: unknown): string =>
  String(said).replaceAll('\0', '').slice(0, MAX_ERROR_LENGTH).toWellFormed();

/** Returns a time of the REST API; null if it is none: the library returns text that it cannot parse. */
const validTime = (time: Date | null): Date | null =>
  time instanceof Date && !Number.isNaN(time.getTime()) ? time : null;

/** Returns a time by the provider's clock; null if that clock is wrong. */
function timeOf(text: string | undefined, now: Date): Date | null {
  const time = new Date(text ?? '');
  return Math.abs(time.getTime() - now.getTime()) < MAX_CLOCK_DIFFERENCE_MS ? time : null;
}
