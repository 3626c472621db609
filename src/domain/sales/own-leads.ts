import type { Deps } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { Lead } from '#generated/prisma/client.ts';

/** Locks the actor's lead until the commit, and returns it. Throws NotFound. */
export async function lockLead(tx: Tx, deps: Deps, id: string): Promise<Lead> {
  await tx.$queryRaw`SELECT id FROM leads WHERE id = ${id}::uuid AND owner_id = ${deps.actor.userId}::uuid FOR UPDATE`;
  const lead = await findOwnLead(tx, deps, id);
  if (!lead) throw new NotFound('lead');
  return lead;
}

/** Returns the actor's lead; null if it is missing or somebody else's. */
export function findOwnLead(db: Pick<Tx, 'lead'>, { actor }: Deps, id: string): Promise<Lead | null> {
  return db.lead.findFirst({ where: { id, ownerId: actor.userId } });
}
