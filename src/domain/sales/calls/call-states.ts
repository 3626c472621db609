import type { LineReport, LineStatus } from '#adapters/telephony/telephony.ts';
import type { Call } from '#generated/prisma/client.ts';
import type { CallStatus } from '#generated/prisma/enums.ts';

/** The statuses of an active call. */
export const ACTIVE_STATUSES = ['QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS'] as const satisfies CallStatus[];

export const isActive = (status: CallStatus): boolean => (ACTIVE_STATUSES as readonly CallStatus[]).includes(status);

/** The progress of a status. All final statuses rank equally, so the first one stays. */
const rankOf = (status: CallStatus): number => {
  const rank = (ACTIVE_STATUSES as readonly CallStatus[]).indexOf(status);
  return rank === -1 ? ACTIVE_STATUSES.length : rank;
};

/** Maps the line's statuses to those of calls. A call in the provider's queue counts as dialled. */
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

/** The part of a call that reports of its provider determine. */
export type CallProgress = Pick<Call, 'status' | 'startedAt' | 'endedAt'>;

/**
 * Returns a call's progress after another report. The status only moves forward. A late or repeated report at most corrects the times, so
 * the reports of a call lead to the same progress in any order.
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

/** Returns when the call was answered according to a report: its own time, or its end minus the duration. */
function startOf(
  { at, durationSeconds }: Pick<LineReport, 'at' | 'durationSeconds'>,
  reported: CallStatus,
): Date | null {
  if (reported === 'IN_PROGRESS') return at;
  return reported === 'COMPLETED' && durationSeconds !== null ? new Date(at.getTime() - durationSeconds * 1000) : null;
}

/** The earlier time, which does not depend on the order of reports. */
const earliest = (a: Date | null, b: Date | null): Date | null => (a && b ? (a < b ? a : b) : (a ?? b));
