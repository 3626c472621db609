import { messageChannel, messageUpdateChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import { AWAITED, runTransaction, type TransactionChange } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { lockJob } from '#domain/jobs/changes.ts';
import { cancelLockedJob } from '#domain/jobs/jobs.ts';
import { ACTIVE_STATUSES, isActive } from '#domain/sales/calls/call-states.ts';
import { lockCall } from '#domain/sales/calls/lock-call.ts';
import { lockCallPlaces } from '#domain/sales/campaigns/call-places.ts';
import type { Call } from '#generated/prisma/client.ts';
import { endCall } from './end-call.ts';
import { hangUpAll } from './hang-up.ts';

export type CallToCancel = WithIdempotencyKey & { callId: string };

/**
 * Ends a call at once, whether it is queued, ringing or in progress; a call that is over stays unchanged. Safe to repeat with the same
 * idempotency key. Throws NotFound, IdempotencyConflict.
 */
export async function cancelCall(deps: Deps, { callId, idempotencyKey }: CallToCancel): Promise<Call> {
  let ended: Call | null = null;
  const call = await writeAndLoad(deps, {
    action: 'call.cancel',
    once: { key: idempotencyKey, input: { callId } },
    async run(change) {
      ended = await cancelLocked(change, deps, callId);
      if (ended) change.about({ type: 'Call', id: callId }, { status: ended.status });
    },
    what: 'call',
    load: (_, tx) => tx.call.findFirst({ where: { id: callId, ownerId: deps.actor.userId } }),
  });
  await hangUpAll(deps, ended ? [ended] : []);
  return call;
}

/**
 * Ends the active call of a lead, if any, as part of another change: the lead is being deleted, or its number is not to be called any more.
 * Has to come before the lead is locked. After the commit, pass the result to `hangUpAll`.
 */
export async function cancelCallOfLead(change: TransactionChange, deps: Deps, leadId: string): Promise<Call[]> {
  const call = await change.tx.call.findFirst({
    where: { leadId, ownerId: deps.actor.userId, status: { in: [...ACTIVE_STATUSES] } },
    select: { id: true },
  });
  const ended = call && (await cancelLocked(change, deps, call.id));
  return ended ? [ended] : [];
}

/**
 * Cancels the lead's call that is not dialled yet, if any, because the lead is in another call by now. Has to come before the lead is
 * locked.
 */
export async function cancelWaitingCall(change: TransactionChange, deps: Deps, leadId: string): Promise<void> {
  const where = { leadId, ownerId: deps.actor.userId, status: 'QUEUED' } as const;
  const call = await change.tx.call.findFirst({ where, select: { id: true } });
  if (call) await cancelLocked(change, deps, call.id, 'if it waits');
}

/** Ends the actor's calls to numbers that are not to be called any more, each in a transaction of its own. */
export async function cancelCallsTo(deps: Deps, phones: readonly string[]): Promise<void> {
  if (phones.length === 0) return;
  const calls = await deps.database.prisma.call.findMany({
    where: { ownerId: deps.actor.userId, phone: { in: [...phones] }, status: { in: [...ACTIVE_STATUSES] } },
    select: { id: true },
  });
  await cancelEach(deps, calls);
}

/**
 * Ends the unanswered calls of a campaign, including those in the provider's queue; answered calls go on. Any call that this misses is not
 * dialled, because the campaign is not running.
 */
export async function cancelUnansweredCalls(deps: Deps, campaignId: string): Promise<void> {
  const calls = await deps.database.prisma.call.findMany({
    where: { campaignId, status: { in: ['QUEUED', 'DIALING', 'RINGING'] } },
    select: { id: true },
  });
  await cancelEach(deps, calls, 'unless answered');
}

/** Ends the active calls of the actor, or only those that nobody has answered yet, whether or not they belong to a campaign. */
export async function cancelOwnCalls(deps: Deps, condition?: 'unless answered'): Promise<void> {
  const calls = await deps.database.prisma.call.findMany({
    where: { ownerId: deps.actor.userId, status: { in: [...ACTIVE_STATUSES] } },
    select: { id: true },
  });
  await cancelEach(deps, calls, condition);
}

/** Ends calls, each in a transaction of its own, continuing after failures. Throws the last failure. */
async function cancelEach(deps: Deps, calls: readonly { id: string }[], condition?: Condition): Promise<void> {
  const failures: unknown[] = [];
  for (const { id } of calls)
    try {
      const ended = await runTransaction(deps, AWAITED, (change) => cancelLocked(change, deps, id, condition));
      if (ended) await hangUpAll(deps, [ended]);
    } catch (error) {
      if (!(error instanceof NotFound)) failures.push(error); // a call that is gone was deleted with its lead
    }
  if (failures.length > 0) throw failures.at(-1);
}

/** Restricts which calls are ended. */
type Condition = 'unless answered' | 'if it waits';

/** Ends the actor's call, and the job that would dial it. Returns null if it was over. Throws NotFound. */
async function cancelLocked(
  change: TransactionChange,
  deps: Deps,
  callId: string,
  condition?: Condition,
): Promise<Call | null> {
  await lockCallPlaces(change.tx);
  const job = await change.tx.job.findFirst({ where: { kind: 'CALL_LEAD', subjectId: callId }, select: { id: true } });
  const locked = job && (await lockJob(change.tx, job.id));
  const call = await lockCall(change.tx, callId);
  if (call?.ownerId !== deps.actor.userId) throw new NotFound('call');
  if (!isActive(call.status) || (condition && call.status === 'IN_PROGRESS')) return null;
  if (condition === 'if it waits' && call.status !== 'QUEUED') return null;
  const status = call.status === 'IN_PROGRESS' ? 'COMPLETED' : 'CANCELLED';
  const ended = await endCall(change, deps, call, { status, endedAt: deps.now(), hangUp: true });
  if (locked && !hasEnded(locked.status)) await cancelLockedJob(deps, { ...change, now: deps.now() }, locked);
  return ended;
}

/** Deletes the conversations of a lead's calls, as part of deleting the lead. */
export async function deleteCallsOfLead({ tx, changed, publish }: TransactionChange, leadId: string): Promise<void> {
  const calls = await tx.call.findMany({
    where: { leadId },
    select: { id: true, ownerId: true, conversationId: true },
  });
  const conversations = calls.flatMap(({ conversationId }) => (conversationId === null ? [] : [conversationId]));
  await tx.conversation.deleteMany({ where: { id: { in: conversations } } });
  for (const { id, ownerId, conversationId } of calls) {
    changed({ ownerId, type: 'CALL', id, deleted: true });
    if (conversationId === null) continue;
    changed({ ownerId, type: 'CONVERSATION', id: conversationId, deleted: true });
    for (const channel of [messageChannel(conversationId), messageUpdateChannel(conversationId)]) publish(channel);
  }
}
