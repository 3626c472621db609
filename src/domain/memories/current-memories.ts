import type { Deps } from '#domain/core/deps.ts';
import type { Memory } from '#generated/prisma/client.ts';

/** An active memory, and when it was said. */
export type CurrentMemory = { memory: Memory; saidAt: Date };

/**
 * Returns, for each id of a memory of the actor, the memory that holds now: itself, or the last in its chain of successors. Nothing if that
 * one has expired.
 */
export async function findCurrentMemories(
  { database, actor, now }: Deps,
  ids: readonly string[],
): Promise<Map<string, CurrentMemory>> {
  const chains = await database.sql<{ first: string; last: string }>(
    `WITH RECURSIVE chain AS (
       SELECT id AS first, id, superseded_by_id FROM memories WHERE id = ANY($1::uuid[]) AND owner_id = $2::uuid
       UNION SELECT c.first, m.id, m.superseded_by_id FROM chain c JOIN memories m ON m.id = c.superseded_by_id
     )
     SELECT first, id AS last FROM chain WHERE superseded_by_id IS NULL`,
    [ids, actor.userId],
  );
  const rows = await database.prisma.memory.findMany({
    where: {
      id: { in: chains.map(({ last }) => last) },
      OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }],
    },
    include: { sourceMessage: { select: { sentAt: true } } },
  });
  const current = new Map(
    rows.map(({ sourceMessage, ...memory }) => [
      memory.id,
      { memory, saidAt: sourceMessage?.sentAt ?? memory.createdAt },
    ]),
  );
  return new Map(
    chains.flatMap(({ first, last }) => {
      const found = current.get(last);
      return found ? [[first, found] as const] : [];
    }),
  );
}
