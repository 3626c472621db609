import type { Services } from '#domain/core/deps.ts';
import type { MediaFileKind } from '#generated/prisma/enums.ts';

/** A file of which a row says that it is stored, and that is not in the store, or not with that size. */
export type MissingFile = {
  /** Its name in the store: below `media/` in a bucket, below `files/media/` in a data directory. */
  key: string;
  kind: MediaFileKind | 'EXPORT';
  owner: string;
  /** The recording that it is, or belongs to; null for the export of a user. */
  recording: string | null;
};

/**
 * Finds the files that rows name and the store lacks, as after a restore of the database alone. Lists the whole store once, and changes
 * nothing. Throws StoreUnavailable if it cannot be listed to its end.
 */
export async function findMissingFiles({
  database,
  files,
}: Pick<Services, 'database' | 'files'>): Promise<MissingFile[]> {
  const rows = await database.sql<MissingFile & { sizeBytes: number }>(NAMED);
  const missing = new Map(rows.map(({ sizeBytes, ...file }) => [file.key, { file, sizeBytes }]));
  for await (const { key, sizeBytes } of files.list())
    if (missing.get(key)?.sizeBytes === sizeBytes) missing.delete(key);
  return [...missing.values()].map(({ file }) => file);
}

const NAMED = /* sql */ `
SELECT f.storage_key AS key, f.kind::text AS kind, u.username AS owner, e.original_name AS recording,
  f.size_bytes::float8 AS "sizeBytes"
FROM media_files f JOIN users u ON u.id = f.owner_id JOIN episodes e ON e.id = f.episode_id WHERE f.state = 'STORED'
UNION ALL
SELECT x.storage_key, 'EXPORT', u.username, NULL, x.size_bytes::float8 FROM user_exports x JOIN users u ON u.id = x.user_id
ORDER BY owner, recording, key`;
