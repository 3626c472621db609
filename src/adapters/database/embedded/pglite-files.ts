import { existsSync, fsyncSync, renameSync, rmSync } from 'node:fs';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type EmscriptenOptions = Parameters<NodeFS['init']>[1];

/**
 * Adds fsync, which Emscripten's file system leaves out: without, a commit survives a kill of the process, but no power
 * cut.
 */
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

/**
 * PGlite's own parameters without `-F` (no fsync), and with a sync method that Emscripten does not ignore, as it does
 * fdatasync. Measured: an INSERT costs 0.46 ms instead of 0.30. Old WAL goes at 64 MB, not at 1 GB.
 */
const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...['wal_sync_method=fsync', 'min_wal_size=32MB', 'max_wal_size=64MB'].flatMap((setting) => ['-c', setting]),
];

/**
 * Opens the database in this directory, and creates it on the first start: beside, then renamed when it is complete, as
 * a start that was killed halfway leaves a directory that PGlite would take for a database.
 */
export async function openDatabaseFiles(directory: string): Promise<PGlite> {
  if (!existsSync(directory)) {
    const unfinished = `${directory}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    const created = await PGlite.create(createOptions(unfinished));
    await created.close();
    renameSync(unfinished, directory);
  }
  return PGlite.create(createOptions(directory));
}

function createOptions(directory: string): PGliteOptions {
  return { fs: new SyncedFiles(directory), startParams: START_PARAMS, extensions: { btree_gin, pg_trgm } };
}
