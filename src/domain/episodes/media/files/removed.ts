import { StoreUnavailable } from '#adapters/files/file-store.ts';
import type { Services } from '#domain/core/deps.ts';

/** Files that are removed at once: each takes a moment of the disk's. */
const FILES_AT_ONCE = 100;

/**
 * Removes files whose rows are gone: those of `keys`, or all of them. The database notes every deleted row in `removed_files`, in
 * the transaction that deletes it; a note goes when its file has gone. May be done twice, by several processes at once. What
 * cannot be removed now is logged, and tried again by the clean-up. Returns how many files it has removed.
 */
export async function removeFiles(
  services: Pick<Services, 'database' | 'files' | 'log'>,
  keys: readonly string[] | null = null,
): Promise<number> {
  let removed = 0;
  try {
    for (let after = ''; ; ) {
      const rows = await services.database.sql<{ key: string }>(NEXT, [after, keys, FILES_AT_ONCE]);
      for (const { key } of rows) if (await removeFile(services, key)) removed += 1;
      if (rows.length < FILES_AT_ONCE) return removed;
      after = rows.at(-1)?.key ?? '';
    }
  } catch (error) {
    services.log.warn({ err: error }, 'files whose rows are gone cannot be removed; the clean-up tries again');
    return removed;
  }
}

/** No name is given twice; should a row have it all the same, the file stays. */
const NEXT = /* sql */ `
SELECT r.storage_key AS key FROM removed_files r
WHERE r.storage_key > $1::text AND ($2::text[] IS NULL OR r.storage_key = ANY($2::text[]))
  AND NOT EXISTS (SELECT FROM media_files f WHERE f.storage_key = r.storage_key)
ORDER BY r.storage_key LIMIT $3::int`;

async function removeFile(
  { database, files, log }: Pick<Services, 'database' | 'files' | 'log'>,
  key: string,
): Promise<boolean> {
  try {
    await files.remove(key);
    await database.sql('DELETE FROM removed_files WHERE storage_key = $1', [key]);
    return true;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error; // it would take as long for each of the others, and somebody waits
    log.warn({ err: error, key }, 'a file cannot be removed; the clean-up tries again');
    return false;
  }
}
