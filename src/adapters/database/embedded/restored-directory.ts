import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a database is restored beside the one in use. */
const RESTORED = 'restored';
/** Says that it is complete, and what the one before is to be called. */
const READY = 'ready';
const FOLDER = 'postgres';

/** Returns the data directory, within another, of a database that is being restored. */
export const restoredDirectory = (dataDir: string) => join(dataDir, RESTORED);

/**
 * Puts the restored database in the place of the one in use, which is kept under the name `before`. Returns that name, null where there
 * was none. The caller has the lock.
 */
export function switchToRestored(dataDir: string, before: string): string | null {
  writeFileSync(join(restoredDirectory(dataDir), READY), before, { flush: true });
  finishSwitch(dataDir);
  return existsSync(join(dataDir, before)) ? before : null;
}

/**
 * Finishes a switch that was begun, whatever killed it: every start does so before it opens the database. Removes what is left of
 * a restore that never came so far.
 */
export function finishSwitch(dataDir: string): void {
  const restored = restoredDirectory(dataDir);
  const ready = join(restored, READY);
  if (existsSync(ready) && existsSync(join(restored, FOLDER))) {
    const current = join(dataDir, FOLDER);
    if (existsSync(current)) renameSync(current, join(dataDir, readFileSync(ready, 'utf8')));
    renameSync(join(restored, FOLDER), current);
  }
  rmSync(restored, { recursive: true, force: true });
}
