import type { Deps } from '#domain/core/deps.ts';
import { NotEligible, NotFound, QueueFull } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { lockName } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { findOwnLead, lockLead } from '#domain/sales/own-leads.ts';
import type { Call, Job } from '#generated/prisma/client.ts';
import { eligibleToRing } from './eligible-to-ring.ts';
import { assertNotInCall, placeCall } from './place-call.ts';

export type LeadToCall = WithIdempotencyKey & { leadId: string };

/** A call that was placed, and the job that dials it. */
export type StartedCall = { call: Call; job: Job };

/**
 * Calls a lead as soon as a place for a call and the line are free. Safe to repeat with the same idempotency key. Throws NotFound,
 * NotEligible, Conflict (the lead is already in a call, whatever else is against one), QueueFull, IdempotencyConflict.
 */
export async function callLead(deps: Deps, { leadId, idempotencyKey }: LeadToCall): Promise<StartedCall> {
  const { prisma } = deps.database;
  const found = await findOwnLead(prisma, deps, leadId);
  // Before the transaction, because it reads over other connections, which the embedded database does not have.
  const eligibility = found && (await eligibleToRing(deps, found));
  return writeAndLoad(deps, {
    action: 'call.place',
    once: { key: idempotencyKey, input: { leadId } },
    async run(change) {
      await assertRoom(change.tx, deps);
      const lead = await lockLead(change.tx, deps, leadId);
      if (!eligibility) throw new NotFound('lead');
      await assertNotInCall(change.tx, leadId);
      if (!eligibility.allowed) throw new NotEligible(eligibility.reasons, eligibility.nextAllowedAt);
      const { callId, jobId } = await placeCall(change, deps, { lead, campaign: null });
      change.about({ type: 'Call', id: callId }, { leadId });
      return { callId, jobId };
    },
    what: 'call',
    load: async ({ callId, jobId }, tx) => {
      const call = await tx.call.findUnique({ where: { id: callId } });
      const job = await tx.job.findUnique({ where: { id: jobId } });
      return call && job && { call, job };
    },
  });
}

/**
 * Limits how many of a user's calls are queued, apart from those of campaigns. Serializes the placing of calls by one user until the
 * transaction ends. Throws QueueFull.
 */
async function assertRoom(tx: Tx, { actor, limits }: Deps): Promise<void> {
  await lockName(tx, `parley:waiting-calls:${actor.userId}`);
  const waiting = await tx.call.count({ where: { ownerId: actor.userId, campaignId: null, status: 'QUEUED' } });
  if (waiting >= limits.maxQueuedPerUser) throw new QueueFull('user', limits.maxQueuedPerUser);
}
