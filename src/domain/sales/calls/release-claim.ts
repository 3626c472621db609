import type { Deps } from '#domain/core/deps.ts';
import { jsonColumn, type TransactionChange } from '#domain/core/transaction.ts';
import { forgetDialled } from '#domain/sales/dialled-numbers.ts';
import type { Call } from '#generated/prisma/client.ts';
import { deadlineAfter } from './deadlines.ts';

/**
 * Takes back the claim of a call, as its provider has said that it makes none: it was no attempt, and the lead was last tried when
 * another call to it was dialled. The call is locked. Returns it, as it is then; one that is over, or known to its provider, stays.
 */
export async function releaseClaim({ tx, changed }: TransactionChange, deps: Deps, call: Call): Promise<Call> {
  const { id, leadId, ownerId } = call;
  if (call.status !== 'DIALING' || call.providerCallId !== null) return call;
  const waiting = {
    status: 'QUEUED',
    dialledAt: null,
    dialledLocal: null,
    evidence: jsonColumn(null),
    deadlineAt: deadlineAfter(deps, 'QUEUED', deps.now()),
  } as const;
  const released = await tx.call.update({ where: { id }, data: waiting });
  await forgetDialled(tx, id);
  const { _max: last } = await tx.call.aggregate({ where: { leadId }, _max: { dialledAt: true } });
  const data = { attempts: { decrement: 1 }, lastAttemptAt: last.dialledAt };
  await tx.lead.update({ where: { id: leadId }, data, select: { id: true } });
  changed({ ownerId, type: 'CALL', id });
  changed({ ownerId, type: 'LEAD', id: leadId });
  return released;
}
