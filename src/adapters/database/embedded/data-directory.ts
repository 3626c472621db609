import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process holds the data directory. The message is a sentence for the operator and names that process. */
export class DataDirectoryInUse extends Error {
  override name = 'DataDirectoryInUse';
}

/** A data directory that this process holds. */
export interface DataDirectory {
  /** Absolute. */
  readonly path: string;
  /** Releases the lock. So does the end of the process, however it ends. Safe to repeat. */
  release(): void;
}

const LOCK_FILE = 'lock';
const HOLDER_FILE = 'lock-holder';
/** https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/** Keeps the locks reachable: garbage collection of a connection closes its file, which releases the lock. */
const held = new Set<DatabaseSync>();

/**
 * Creates the directory, readable by its owner only, and locks it for this process. Throws DataDirectoryInUse at once if another process
 * (or this one, earlier) holds it.
 *
 * The lock is the operating system's own, taken by SQLite on an empty file. It ends with the process, so a kill -9 leaves nothing stale,
 * and it works across containers, where process ids repeat and those of others are invisible.
 */
export function lockDataDirectory(dataDir: string): DataDirectory {
  const path = resolve(dataDir);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(path, LOCK_FILE), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw isBusy(error) ? new DataDirectoryInUse(describeUse(path)) : error;
  }
  held.add(lock);
  writeFileSync(join(path, HOLDER_FILE), `process ${process.pid} since ${new Date().toISOString()}\n`, { mode: 0o600 });
  return {
    path,
    release() {
      if (held.delete(lock)) lock.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function describeUse(path: string): string {
  return `The data directory ${path} is in use by ${readHolder(path)}. Stop it first, or set DATA_DIR to another directory.`;
}

/** Only for the message: the file may be missing for a moment after the lock was acquired. */
function readHolder(path: string): string {
  try {
    return readFileSync(join(path, HOLDER_FILE), 'utf8').trim();
  } catch {
    return 'another process';
  }
}
