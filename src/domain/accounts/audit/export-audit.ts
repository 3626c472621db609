import type { Services } from '#domain/core/deps.ts';
import { partOf } from './audit-hash.ts';

/** How many entries one statement reads. */
const PAGE_ROWS = 1_000;

/**
 * Yields the audit log as lines of JSON, oldest entry first, page by page and without a limit. Each entry has its number, the salt of its
 * commitment, and the hash of the chain after it, which is null until it is sealed.
 */
export async function* exportAudit(
  services: Pick<Services, 'database'>,
  { since, action }: { since: Date | null; action: string | null },
): AsyncGenerator<string> {
  const where = { ...(since ? { at: { gte: since } } : {}), ...(action ? { action } : {}) };
  for (let last: { at: Date; id: string } | undefined; ; ) {
    const after = last && { OR: [{ at: { gt: last.at } }, { at: last.at, id: { gt: last.id } }] };
    const entries: { at: Date; id: string; position: bigint | null }[] =
      await services.database.prisma.auditEntry.findMany({
        where: { AND: [where, after ?? {}] },
        orderBy: [{ at: 'asc' }, { id: 'asc' }],
        take: PAGE_ROWS,
      });
    if (entries.length === 0) return;
    const hashes = await findHashes(services, entries);
    yield entries
      .map((entry) => {
        const { position } = entry;
        const hash = position === null ? null : (hashes.get(position) ?? null);
        return `${JSON.stringify({ ...entry, position: position === null ? null : Number(position), hash })}\n`;
      })
      .join('');
    last = entries.at(-1);
  }
}

/** Returns the hash of the chain after each of the sealed entries. */
async function findHashes(
  { database }: Pick<Services, 'database'>,
  entries: readonly { position: bigint | null }[],
): Promise<Map<bigint, string>> {
  const wanted = new Set(entries.flatMap(({ position }) => position ?? []));
  if (wanted.size === 0) return new Map();
  const ordered = [...wanted].sort((one, other) => (one < other ? -1 : 1));
  const seals = await database.prisma.auditSeal.findMany({
    where: { lastPosition: { gte: ordered[0] as bigint }, firstPosition: { lte: ordered.at(-1) as bigint } },
    select: { positions: true, hashes: true },
  });
  return new Map(
    seals.flatMap(({ positions, hashes }) =>
      positions.flatMap((position, index) =>
        wanted.has(position) ? [[position, partOf(hashes, index).toString('hex')] as const] : [],
      ),
    ),
  );
}
