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

/** The state of a call after a report: an 'over' one need not be continued, an 'unwanted' one has to be ended at the provider. */
export type Recorded = 'active' | 'over' | 'unwanted';

/**
 * Records a report of the line, whether sent or requested, and binds the provider's id to the call. The status only moves forward; late
 * reports only fill in times. A report for a different call of the provider is ignored. Returns the state afterwards: a deleted call is
 * over, or unwanted if it goes on according to the report and its line has not ended it.
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

/** Whether the line has already reported the end of a call, so that further reports are late. */
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

/** The party that answered, until a turn of the agent determines it more precisely. */
const partyColumn = ({ answeredBy }: Call, report: LineReport) =>
  answeredBy === null && report.answeredBy ? { answeredBy: partyOf(report.answeredBy) } : {};

/** Lets the agent conclude a conversation that the other side has ended. */
async function settleTalk(change: TransactionChange, deps: Deps, call: Call, report: LineReport): Promise<Call> {
  if (call.turns === 0) return change.tx.call.update({ where: { id: call.id }, data: partyColumn(call, report) });
  await takeTurn(change, deps, call, { kind: 'hung-up' });
  return change.tx.call.findUniqueOrThrow({ where: { id: call.id } });
}
