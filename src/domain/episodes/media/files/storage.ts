import type { Deps } from '#domain/core/deps.ts';
import { DomainError } from '#domain/core/errors.ts';
import { lockName } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { Prisma } from '#generated/prisma/client.ts';

/** What a user's files take: bytes, and how many files are there. */
export type Storage = {
  /**
   * All that the quota is charged: files that are there, and what unfinished uploads have reserved. Not the sound that a job works
   * with, which goes with the job, and of which its owner sees nothing.
   */
  usedBytes: bigint;
  /** What of it unfinished uploads have reserved. */
  uploadingBytes: bigint;
  /** What of it belongs to archived episodes. */
  archivedBytes: bigint;
  /** What the quota is. */
  quotaBytes: bigint;
  files: number;
};

/** Returns what the actor's files take, and may take. */
export async function measureStorage({
  database,
  actor,
  limits,
}: Pick<Deps, 'database' | 'actor' | 'limits'>): Promise<Storage> {
  const [row] = await database.sql<Storage>(MEASURE, [actor.userId, limits.maxStorageBytes]);
  return row as Storage;
}

const MEASURE = /* sql */ `
SELECT coalesce(sum(f.size_bytes), 0)::bigint AS "usedBytes",
  coalesce(sum(f.size_bytes) FILTER (WHERE f.state = 'UPLOADING'), 0)::bigint AS "uploadingBytes",
  coalesce(sum(f.size_bytes) FILTER (WHERE e.archived_at IS NOT NULL), 0)::bigint AS "archivedBytes",
  (count(*) FILTER (WHERE f.state = 'STORED'))::int AS "files",
  coalesce((SELECT storage_quota_bytes FROM users WHERE id = $1::uuid), $2::bigint) AS "quotaBytes"
FROM media_files f JOIN episodes e ON e.id = f.episode_id WHERE f.owner_id = $1::uuid AND f.kind <> 'AUDIO'`;

/** Throws FILE_TOO_LARGE for a recording that is larger than one may be. */
export function assertFileSize({ limits }: Pick<Deps, 'limits'>, bytes: number): void {
  if (bytes <= limits.maxFileBytes) return;
  throw new DomainError('FILE_TOO_LARGE', `A file may have at most ${limits.maxFileBytes} bytes.`, {
    limit: limits.maxFileBytes,
  });
}

/**
 * Throws QUOTA_EXCEEDED where the actor's files would take too much with so many bytes more, instead of those that are `replaced`. The
 * lock, kept until the transaction ends, makes those of one owner come one by one, so that no two take the same room.
 */
export async function assertStorage(
  tx: Tx,
  { actor, limits }: Deps,
  bytes: number,
  replaced?: Prisma.MediaFileWhereInput,
): Promise<void> {
  await lockName(tx, `parley:storage:${actor.userId}`);
  const sumOf = async (where: Prisma.MediaFileWhereInput) => {
    const { _sum } = await tx.mediaFile.aggregate({ where, _sum: { sizeBytes: true } });
    return Number(_sum.sizeBytes ?? 0n);
  };
  const charged = await sumOf({ ownerId: actor.userId, kind: { not: 'AUDIO' } });
  const used = charged - (replaced ? await sumOf(replaced) : 0);
  const { storageQuotaBytes } = await tx.user.findUniqueOrThrow({
    where: { id: actor.userId },
    select: { storageQuotaBytes: true },
  });
  const limit = Number(storageQuotaBytes ?? limits.maxStorageBytes);
  if (used + bytes <= limit) return;
  throw new DomainError(
    'QUOTA_EXCEEDED',
    limit === 0
      ? 'You may store no files; an ADMIN may allow it with `setUserLimits`.'
      : `Your files may take ${limit} bytes, and ${used} are taken; delete some episodes first.`,
    { limit, used },
  );
}
