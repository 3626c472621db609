import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lockDataDirectory } from './data-directory.ts';
import { finishSwitch } from './restored-directory.ts';
import type { Connection, WorkerData } from './thread.ts';

/** Large enough for PostgreSQL's max_stack_depth to apply first: with Node's 4 MB, a recursive function hung the database. */
const STACK_SIZE_MB = 64;

/** PostgreSQL in a thread of this process. */
export interface EmbeddedDatabase {
  /** For `pg`: `new pg.Pool({ ...connection, max: 10 })`. */
  readonly connection: Connection & { readonly ssl: false };
  /** Closes the database and releases the data directory. End the pools first: it cuts open connections. Safe to repeat. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL (PGlite) in a worker thread on `dataDir`/postgres, which is created if missing, and locks the directory. Throws
 * DataDirectoryInUse if another process has it. What was committed survives a kill at any moment. `onLost` is called once when the
 * database ends by itself; then all connections are cut, and a restart is needed. SharedSession lists its limits.
 */
export async function startEmbeddedDatabase({
  dataDir,
  onLost,
}: {
  dataDir: string;
  onLost: (error: Error) => void;
}): Promise<EmbeddedDatabase> {
  const directory = lockDataDirectory(dataDir);
  finishSwitch(directory.path);
  const socketDirectory = makeSocketDirectory();
  const removeSocket = () => {
    if (socketDirectory) rmSync(socketDirectory, { recursive: true, force: true });
  };
  // Not the lock: the worker may still be writing when the process exits, and the lock is released only after it.
  process.once('exit', removeSocket);
  const cleanUp = () => {
    process.off('exit', removeSocket);
    removeSocket();
    directory.release();
  };
  try {
    const workerData: WorkerData = { directory: join(directory.path, 'postgres'), socketDirectory };
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData,
      resourceLimits: { stackSizeMb: STACK_SIZE_MB },
    });
    const [connection] = (await Promise.race([once(worker, 'message'), rejectOnExit(worker)])) as [Connection];
    return { connection: { ...connection, ssl: false }, stop: watch(worker, onLost, cleanUp) };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

/** Accessible only to this user. In the temporary directory, because the path of a Unix socket has at most 104 bytes (macOS). */
function makeSocketDirectory(): string | undefined {
  if (process.platform === 'win32') return undefined;
  const name = join(tmpdir(), 'parley-XXXXXX', '.s.PGSQL.5432');
  return mkdtempSync(join(Buffer.byteLength(name) < 104 ? tmpdir() : '/tmp', 'parley-'));
}

async function rejectOnExit(worker: Worker): Promise<never> {
  const [code] = await once(worker, 'exit');
  throw new Error(`The embedded database ended while starting, with code ${code}.`);
}

function watch(worker: Worker, onLost: (error: Error) => void, cleanUp: () => void): () => Promise<void> {
  let stopping = false;
  let cause: unknown;
  worker.once('error', (error) => (cause = error));
  // Not `once(worker, 'exit')`, which rejects if an 'error' event comes first.
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      cleanUp();
      if (!stopping) onLost(new Error(`The embedded database ended by itself, with code ${code}.`, { cause }));
      resolve();
    });
  });
  return () => {
    stopping = true;
    worker.postMessage('stop');
    return ended;
  };
}
