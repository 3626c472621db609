import type { AnsweredBy, LineReport, LineStatus } from '#adapters/telephony/telephony.ts';

/** Statuses as Twilio spells them; `in-progress` is what its event "answered" brings. */
const STATUSES: Record<string, LineStatus> = {
  queued: 'QUEUED',
  initiated: 'QUEUED',
  ringing: 'RINGING',
  'in-progress': 'IN_PROGRESS',
  completed: 'COMPLETED',
  busy: 'BUSY',
  'no-answer': 'NO_ANSWER',
  failed: 'FAILED',
  canceled: 'CANCELLED',
};

/** The parameters of a webhook. */
export type WebhookParams = Record<string, string>;

/** Returns what a webhook tells of its call; null where it has no call, or a status that nobody knows. */
export function reportOfWebhook(params: WebhookParams, now: Date): LineReport | null {
  const status = STATUSES[params.CallStatus ?? ''];
  if (!params.CallSid || !status) return null;
  return {
    providerCallId: params.CallSid,
    status,
    at: dateOf(params.Timestamp) ?? now,
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
  const status = STATUSES[call.status] ?? 'QUEUED';
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
  return { code, message: ErrorMessage ?? 'the number could not be reached.' };
}

function secondsOf(text: string | null | undefined): number | null {
  return text && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function dateOf(text: string | undefined): Date | null {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}
