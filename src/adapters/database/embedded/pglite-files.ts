import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, fsyncSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type EmscriptenOptions = Parameters<NodeFS['init']>[1];

/** Adds fsync, which Emscripten's file system omits: without it, a commit survives a kill of the process, but not a power failure. */
class SyncedFiles extends NodeFS {
  override async init(db: PGlite, options: EmscriptenOptions) {
    const { emscriptenOpts } = await super.init(db, options);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync] } };
  }
}

function addFsync({ FS }: { FS: { filesystems: object } }): void {
  const { NODEFS } = FS.filesystems as { NODEFS: { stream_ops: { fsync?: (stream: { nfd: number }) => void } } };
  NODEFS.stream_ops.fsync = ({ nfd }) => fsyncSync(nfd);
}

/** PGlite fills them with zeros, so its 160 MB would occupy memory from the start; files are in the system's cache anyway. */
const SHARED_BUFFERS = 'shared_buffers=16MB';

/**
 * PGlite's own parameters without `-F` (no fsync), and with a sync method that Emscripten does not ignore, as it does fdatasync.
 * Measured: an INSERT costs 0.46 ms instead of 0.30. Old WAL is removed at 64 MB, not at 1 GB.
 */
const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...['wal_sync_method=fsync', 'min_wal_size=32MB', 'max_wal_size=64MB', SHARED_BUFFERS].flatMap((setting) => [
    '-c',
    setting,
  ]),
];

/**
 * V8 compiles PGlite with its baseline compiler only, for the sake of memory (scripts/v8-flags.js). Queries that compute a lot take up to
 * 1.6 times as long, others as long as before.
 */
export function compileFrugally(): void {
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
}

/**
 * Opens the database in this directory, and creates it on the first start: in another directory, which is renamed once it is complete,
 * because a start that is killed halfway leaves a directory that PGlite would take for a database.
 */
export async function openDatabaseFiles(directory: string): Promise<PGlite> {
  compileFrugally();
  if (!existsSync(directory)) {
    const beside = `${directory}.new`;
    rmSync(beside, { recursive: true, force: true });
    mkdirSync(beside, { mode: 0o700 });
    // A unique name: the process of a start that was killed may continue for a moment.
    const unfinished = join(beside, randomUUID());
    await createDatabaseFiles(unfinished);
    renameSync(unfinished, directory);
    rmSync(beside, { recursive: true });
  }
  return PGlite.create(createOptions(directory));
}

/** The exit code of that process if there is no room for a database. */
export const DISK_FULL = 28;

/** In a short-lived process: in this one, much of the 500 MB that creating a database takes would never be freed. */
async function createDatabaseFiles(directory: string): Promise<void> {
  const child = fork(new URL('./create-process.ts', import.meta.url), [directory], { execArgv: [] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === DISK_FULL) throw Object.assign(new Error(`no room for ${directory}`), { code: 'ENOSPC' });
  if (code !== 0) throw new Error(`The process that creates the embedded database ended with ${code ?? 'a signal'}.`);
}

/** How PGlite opens a directory, or creates a database in it. */
export function createOptions(directory: string): PGliteOptions {
  return {
    fs: new SyncedFiles(directory),
    startParams: START_PARAMS,
    initDbStartParams: ['-c', SHARED_BUFFERS],
    extensions: { btree_gin, btree_gist, pg_trgm },
  };
}
