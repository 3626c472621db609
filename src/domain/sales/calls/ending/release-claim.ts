import type { Deps } from '#domain/core/deps.ts';
import { jsonColumn, type TransactionChange } from '#domain/core/transaction.ts';
import { deadlineAfter } from '#domain/sales/calls/deadlines.ts';
import { callAgainSoon } from '#domain/sales/campaigns/settle-campaign-lead.ts';
import { forgetDialled } from '#domain/sales/dialled-numbers.ts';
import type { Call } from '#generated/prisma/client.ts';

/**
 * Takes back the claim of a call that the provider has refused: it was no attempt, and the lead's last attempt is again that of the
 * previous call. The caller has locked the call. Returns the updated call. A call that was cancelled meanwhile stays cancelled; one that
 * the provider knows, or that is over otherwise, stays unchanged.
 */
export async function releaseClaim(change: TransactionChange, deps: Deps, call: Call): Promise<Call> {
  const { tx, changed } = change;
  const { id, leadId, ownerId, campaignId } = call;
  const isCancelled = call.status === 'CANCELLED' && call.dialledAt !== null;
  if ((call.status !== 'DIALING' && !isCancelled) || call.providerCallId !== null) return call;
  const undialled = { dialledAt: null, dialledLocal: null, evidence: jsonColumn(null) };
  const waiting = { status: 'QUEUED', deadlineAt: deadlineAfter(deps, 'QUEUED', deps.now()) } as const;
  const released = await tx.call.update({
    where: { id },
    data: { ...undialled, ...(isCancelled ? { hangUpAt: null } : waiting) },
  });
  if (isCancelled && campaignId !== null) await callAgainSoon(change, deps, { campaignId, leadId });
  await forgetDialled(tx, id);
  const { _max: last } = await tx.call.aggregate({ where: { leadId }, _max: { dialledAt: true } });
  const data = { attempts: { decrement: 1 }, lastAttemptAt: last.dialledAt };
  await tx.lead.update({ where: { id: leadId }, data, select: { id: true } });
  changed({ ownerId, type: 'CALL', id });
  changed({ ownerId, type: 'LEAD', id: leadId });
  return released;
}
