import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withScratchDatabase } from '#adapters/database/dump/scratch-databases.ts';
import { mayCreateDatabases, withServer } from '#adapters/database/dump/server-databases.ts';
import { type DatabasePlace, dropSchemas, openSession } from '#adapters/database/dump/sessions.ts';
import { BackupBroken } from './backup-broken.ts';
import type { StoredBackup } from './backup-directory.ts';
import { fillDatabase } from './fill-database.ts';
import { type Manifest, writeManifest } from './manifest.ts';

type Verification = NonNullable<Manifest['verification']>;
type Candidate = Pick<StoredBackup, 'folder' | 'manifest'>;

/** A subfolder of a backup during verification. It may hold the copy that an embedded database is dumped from. */
export const SCRATCH_FOLDER = 'scratch';

/**
 * Restores a backup into a temporary database that no worker ever opens, and compares the content; `at` is when that has ended. On
 * PostgreSQL that is a database on the same server, and so on the version that it would be restored to, if the user may create databases;
 * otherwise an embedded one in the backup's folder. Throws if the temporary database cannot be created, for example because the disk is
 * full, and BackupOfOtherVersion: neither says anything about the backup.
 */
export async function verifyBackup(
  place: DatabasePlace,
  backup: Candidate,
  { now, signal }: { now(): Date; signal?: AbortSignal | undefined },
): Promise<Verification> {
  const { databaseUrl } = place;
  const onServer = databaseUrl !== undefined && (await mayRestoreOn(databaseUrl));
  const restored = onServer ? restoreOnServer(databaseUrl, backup, signal) : restoreEmbedded(backup, signal);
  const problem = await restored.then(
    () => null,
    (error: unknown) => {
      if (error instanceof BackupBroken) return error.message;
      throw error;
    },
  );
  return { at: now().toISOString(), held: problem === null, on: onServer ? 'server' : 'embedded', problem };
}

/** Verifies a backup in the directory, and stores the result in its manifest. */
export async function reverifyBackup(place: DatabasePlace, backup: StoredBackup): Promise<Verification> {
  const verification = await verifyBackup(place, backup, { now: () => new Date() });
  await writeManifest(backup.folder, { ...backup.manifest, verification });
  return verification;
}

const mayRestoreOn = (databaseUrl: string) => withServer(databaseUrl, mayCreateDatabases).catch(() => false);

async function restoreEmbedded(backup: Candidate, signal?: AbortSignal): Promise<void> {
  const dataDir = join(backup.folder, SCRATCH_FOLDER);
  try {
    await fillAt({ databaseUrl: undefined, dataDir }, backup, signal);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function restoreOnServer(databaseUrl: string, backup: Candidate, signal?: AbortSignal): Promise<void> {
  return withScratchDatabase(databaseUrl, (url) => fillAt({ databaseUrl: url, dataDir: '' }, backup, signal));
}

async function fillAt(place: DatabasePlace, backup: Candidate, signal?: AbortSignal): Promise<void> {
  const session = await openSession(place);
  try {
    await dropSchemas(session);
    await fillDatabase(session, backup, signal);
  } finally {
    await session.close();
  }
}
