import type { LineReport, LineStatus } from '#adapters/telephony/telephony.ts';
import { CALL_DEADLINES_CHANNEL } from '#domain/core/channels.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { takeTurn } from '#domain/sales/agent/take-turn.ts';
import { isActive, progressAfter } from '#domain/sales/calls/call-states.ts';
import { deadlineAfter } from '#domain/sales/calls/deadlines.ts';
import { type CallEnd, endCall } from '#domain/sales/calls/ending/end-call.ts';
import { isUnderWay } from '#domain/sales/calls/ending/hang-up.ts';
import { describeLineError } from '#domain/sales/calls/ending/line-errors.ts';
import { eventKeys } from '#domain/sales/calls/event-keys.ts';
import { changeCall } from '#domain/sales/calls/lock-call.ts';
import type { Call } from '#generated/prisma/client.ts';
import { partyOf } from './take-line-turn.ts';

/** How a call is that its line has reported: what is over need not be carried on, and what is unwanted is to be ended there. */
export type Recorded = 'active' | 'over' | 'unwanted';

/**
 * Records what a line tells of a call, by itself or asked, and binds the provider's id to it. The status moves only forward;
 * what comes late fills in times. A report of another call than ours is none of ours. Returns how the call is then: one that
 * is gone is over, and unwanted where it goes on by the report and was not ended by its line.
 */
export async function recordReport(services: Services, callId: string, report: LineReport): Promise<Recorded> {
  const recorded = await changeCall(services, callId, async (change, deps, found) => {
    if (found.providerCallId !== null && found.providerCallId !== report.providerCallId) return 'over';
    const call = found.providerCallId === null ? await bind(change, found, report.providerCallId) : found;
    const data = [{ callId, key: eventKeys.status(report.status) }];
    await change.tx.callEvent.createMany({ data, skipDuplicates: true });
    if (await applyReport(change, deps, call, report)) return 'active';
    return isUnderWay(report.status) && !(await isEndedByLine(change, callId)) ? 'unwanted' : 'over';
  });
  return recorded ?? (isUnderWay(report.status) ? 'unwanted' : 'over');
}

const ENDS = ['COMPLETED', 'BUSY', 'NO_ANSWER', 'FAILED', 'CANCELLED'] satisfies LineStatus[];

/** Whether the line has said that a call has ended: what it tells of it now is late. */
const isEndedByLine = async ({ tx }: TransactionChange, callId: string): Promise<boolean> =>
  (await tx.callEvent.count({ where: { callId, key: { in: ENDS.map(eventKeys.status) } } })) > 0;

async function bind({ tx }: TransactionChange, { id }: Call, providerCallId: string): Promise<Call> {
  return tx.call.update({ where: { id }, data: { providerCallId } });
}

/** Returns whether the call goes on. */
async function applyReport(change: TransactionChange, deps: Deps, call: Call, report: LineReport): Promise<boolean> {
  const progress = progressAfter(call, report);
  if (isActive(call.status) && !isActive(progress.status)) {
    const heard = await settleTalk(change, deps, call, report);
    const error = report.error && describeLineError(report.error);
    await endCall(change, deps, heard, { ...(progress as CallEnd), ...(error && { error }) });
    return false;
  }
  const moved = progress.status !== call.status;
  if (moved || progress.startedAt?.getTime() !== call.startedAt?.getTime()) {
    const deadlineAt = moved ? deadlineAfter(deps, progress.status, deps.now()) : call.deadlineAt;
    await change.tx.call.update({
      where: { id: call.id },
      data: { ...progress, deadlineAt, ...partyColumn(call, report) },
    });
    change.changed({ ownerId: call.ownerId, type: 'CALL', id: call.id });
    change.publish(CALL_DEADLINES_CHANNEL);
  }
  return isActive(progress.status);
}

/** Who answered, before a turn of the agent has told it better. */
const partyColumn = ({ answeredBy }: Call, report: LineReport) =>
  answeredBy === null && report.answeredBy ? { answeredBy: partyOf(report.answeredBy) } : {};

/** Lets the agent judge a talk that the other side has ended. */
async function settleTalk(change: TransactionChange, deps: Deps, call: Call, report: LineReport): Promise<Call> {
  if (call.turns === 0) return change.tx.call.update({ where: { id: call.id }, data: partyColumn(call, report) });
  await takeTurn(change, deps, call, { kind: 'hung-up' });
  return change.tx.call.findUniqueOrThrow({ where: { id: call.id } });
}
