import { join } from 'node:path';
import { compareSums } from '#adapters/database/dump/checksum.ts';
import { hashFile } from '#adapters/database/dump/dump-file.ts';
import { loadDump } from '#adapters/database/dump/load-dump.ts';
import { sumTables } from '#adapters/database/dump/read-tables.ts';
import { type DumpSession, withClient } from '#adapters/database/dump/sessions.ts';
import { hasChecksum, MIGRATIONS_DIR, readMigrations } from '#adapters/database/migrator/migration-files.ts';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { isDiskFull, isOutage } from '#adapters/database/outages.ts';
import { BackupBroken, BackupOfOtherVersion } from './backup-broken.ts';
import type { StoredBackup } from './backup-directory.ts';
import { DATA_FILE, type Manifest } from './manifest.ts';

/**
 * Restores a backup into an empty database, at the schema version of the backup, and compares the result with the manifest. Throws
 * BackupBroken if the file was changed or a table differs, and BackupOfOtherVersion if a newer version of Parley wrote it. Errors of the
 * database itself, such as an outage or a full disk, are passed on. Stops at the first error.
 */
export async function fillDatabase(
  session: DumpSession,
  { folder, manifest }: Pick<StoredBackup, 'folder' | 'manifest'>,
  signal?: AbortSignal,
): Promise<void> {
  assertKnownTables(manifest);
  const file = join(folder, DATA_FILE);
  const sha256 = await hashFile(file).catch((error: Error) => {
    throw new BackupBroken(`Its data cannot be read: ${error.message}`);
  });
  if (sha256 !== manifest.data.sha256)
    throw new BackupBroken('Its file was changed since it was written: its hash is not that of the manifest.');
  await migrate(session.pool, { only: new Set(manifest.migrations.map(({ name }) => name)) });
  await withClient(session, async (client) => {
    await loadDump(client, file, signal).catch((error: Error) => {
      signal?.throwIfAborted();
      if (isOutage(error) || isDiskFull(error)) throw error; // not the backup's fault
      throw new BackupBroken(`It cannot be loaded: ${error.message}`, { cause: error });
    });
    const differences = compareSums(manifest.tables, await sumTables(client));
    if (differences.length > 0) throw new BackupBroken(`What was restored differs in ${differences.join(', ')}.`);
  });
}

/** Throws BackupOfOtherVersion if its tables are of a newer version, or come from different migrations with the same names. */
function assertKnownTables({ migrations, parley }: Manifest): void {
  const known = new Map(readMigrations(MIGRATIONS_DIR).map((migration) => [migration.name, migration]));
  const unknown = migrations.filter(({ name }) => !known.has(name));
  if (unknown.length > 0)
    throw new BackupOfOtherVersion(
      `A newer version of Parley wrote it (${parley}), with tables that this one does not know (${unknown.map(({ name }) => name).join(', ')}). Restore it with that version or a newer one.`,
    );
  for (const { name, checksum } of migrations) {
    const migration = known.get(name);
    if (migration && !hasChecksum(migration, checksum))
      throw new BackupOfOtherVersion(`The migration ${name} was another one when it was written.`);
  }
}
