import type { LineReport, LineStatus } from '#adapters/telephony/telephony.ts';
import type { Call } from '#generated/prisma/client.ts';
import type { CallStatus } from '#generated/prisma/enums.ts';

/** The statuses of a call that is not over. */
export const ACTIVE_STATUSES = ['QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS'] as const satisfies CallStatus[];

/** Whether a call is not over. */
export const isActive = (status: CallStatus): boolean => (ACTIVE_STATUSES as readonly CallStatus[]).includes(status);

/** How far a call is. All ends are equally far: whichever is first stays. */
const rankOf = (status: CallStatus): number => {
  const rank = (ACTIVE_STATUSES as readonly CallStatus[]).indexOf(status);
  return rank === -1 ? ACTIVE_STATUSES.length : rank;
};

/** What each status of a provider makes of a call. What waits in the provider's queue is on its way for us. */
const STATUS_OF: Record<LineStatus, CallStatus> = {
  QUEUED: 'DIALING',
  RINGING: 'RINGING',
  IN_PROGRESS: 'IN_PROGRESS',
  COMPLETED: 'COMPLETED',
  BUSY: 'BUSY',
  NO_ANSWER: 'NO_ANSWER',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
};

/** What of a call its provider's reports decide. */
export type CallProgress = Pick<Call, 'status' | 'startedAt' | 'endedAt'>;

/**
 * Returns a call after one more report. The status moves only forward; a report that comes late, or again, changes at most
 * the times that it knows: so all reports of one call end in the same progress, in whatever order they come.
 */
export function progressAfter(
  call: CallProgress,
  report: Pick<LineReport, 'status' | 'at' | 'durationSeconds'>,
): CallProgress {
  const reported = STATUS_OF[report.status];
  const status = rankOf(reported) > rankOf(call.status) ? reported : call.status;
  const ends = !isActive(reported);
  const endedAt = ends && isActive(call.status) ? report.at : call.endedAt;
  return { status, startedAt: earliest(call.startedAt, startOf(report, reported)), endedAt };
}

/** The moment of the answer that a report knows of: its own, or that by the length of the call. */
function startOf(
  { at, durationSeconds }: Pick<LineReport, 'at' | 'durationSeconds'>,
  reported: CallStatus,
): Date | null {
  if (reported === 'IN_PROGRESS') return at;
  return reported === 'COMPLETED' && durationSeconds !== null ? new Date(at.getTime() - durationSeconds * 1000) : null;
}

/** The same of several times in whatever order they become known. */
const earliest = (a: Date | null, b: Date | null): Date | null => (a && b ? (a < b ? a : b) : (a ?? b));
