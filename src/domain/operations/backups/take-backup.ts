import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { Database } from '#adapters/database/database.ts';
import { type DumpSummary, writeDump } from '#adapters/database/dump/dump-file.ts';
import { inSnapshot } from '#adapters/database/dump/read-tables.ts';
import { type DatabasePlace, openDumpSource, withClient } from '#adapters/database/dump/sessions.ts';
import { version } from '#version.ts';
import { BackupBroken } from './backup-broken.ts';
import { partialFolder, publishBackup, type StoredBackup } from './backup-directory.ts';
import { DATA_FILE, type Manifest, writeManifest } from './manifest.ts';
import { SCRATCH_FOLDER, verifyBackup } from './verify-backup.ts';

/** What is backed up, and to where. */
export type BackupTarget = { database: Database; place: DatabasePlace; directory: string };

type Options = {
  id: string;
  verify: boolean;
  signal: AbortSignal;
  now(): Date;
  onProgress(fraction: number, stage: string): void;
};

/** The share of the progress after the dump. */
const DUMPED = 0.5;

/**
 * Takes a backup: writes it to a partial folder, verifies it by a restore if wanted, and only then gives it its name. If it fails or is
 * killed before that, there is no backup. Throws BackupBroken if it does not hold what it should.
 */
export async function takeBackup(target: BackupTarget, options: Options): Promise<StoredBackup> {
  const { directory } = target;
  const partial = partialFolder(directory, options.id);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  try {
    const dumped = await dump(target, partial, options);
    const manifest = options.verify ? await verified(target, partial, dumped, options) : dumped;
    await rm(join(partial, SCRATCH_FOLDER), { recursive: true, force: true });
    await writeManifest(partial, manifest);
    options.signal.throwIfAborted();
    const name = await publishBackup(directory, partial, manifest);
    return { name, folder: join(directory, name), manifest };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function dump(target: BackupTarget, partial: string, options: Options): Promise<Manifest> {
  const { id, signal, onProgress } = options;
  const startedAt = performance.now();
  const createdAt = options.now().toISOString();
  const source = join(partial, SCRATCH_FOLDER);
  const session = await openDumpSource(target.database, target.place, source);
  try {
    return await withClient(session, async (client) => {
      const onTable = (fraction: number) => onProgress(fraction * DUMPED, 'dumping');
      const description = await inSnapshot(client, async () => {
        const summary = await writeDump(client, join(partial, DATA_FILE), { onTable, signal });
        return describe(client, target.database.kind, summary);
      });
      return { ...description, id, createdAt, durationSeconds: (performance.now() - startedAt) / 1_000 };
    });
  } finally {
    await session.close();
  }
}

type Description = Omit<Manifest, 'id' | 'createdAt' | 'durationSeconds'>;

async function describe(
  client: pg.ClientBase,
  kind: Database['kind'],
  { tables, ...data }: DumpSummary,
): Promise<Description> {
  const { rows: versions } = await client.query<{ server_version: string }>('SHOW server_version');
  const { rows: migrations } = await client.query<Manifest['migrations'][number]>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY migration_name`,
  );
  return {
    format: 1,
    parley: version,
    database: { kind, version: versions[0]?.server_version ?? '' },
    migrations,
    tables,
    data,
    media: await listMedia(client),
    verification: null,
  };
}

async function listMedia(client: pg.ClientBase): Promise<Manifest['media']> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('media_files') IS NOT NULL AS exists`,
  );
  if (!tables[0]?.exists) return [];
  const { rows } = await client.query<Manifest['media'][number]>(
    `SELECT storage_key AS key, size_bytes::float8 AS "sizeBytes", sha256 FROM media_files WHERE state = 'STORED' ORDER BY 1`,
  );
  return rows;
}

async function verified(
  { place }: BackupTarget,
  folder: string,
  manifest: Manifest,
  { now, signal, onProgress }: Options,
): Promise<Manifest> {
  onProgress(DUMPED, 'verifying');
  const verification = await verifyBackup(place, { folder, manifest }, { now, signal });
  if (!verification.held) throw new BackupBroken(`The backup does not restore: ${verification.problem}`);
  return { ...manifest, verification };
}
