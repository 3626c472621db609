import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The directory in which a database is restored, next to the one in use. */
const RESTORED = 'restored';
/** The file that marks it as complete, and contains the future name of the previous one. */
const READY = 'ready';
const FOLDER = 'postgres';

/** Returns the directory of a database that is being restored, within a data directory. */
export const restoredDirectory = (dataDir: string) => join(dataDir, RESTORED);

/**
 * Replaces the database in use by the restored one, and keeps the former under the name `before`. Returns that name, or null if there was
 * no database. The caller holds the lock.
 */
export function switchToRestored(dataDir: string, before: string): string | null {
  writeFileSync(join(restoredDirectory(dataDir), READY), before, { flush: true });
  finishSwitch(dataDir);
  return existsSync(join(dataDir, before)) ? before : null;
}

/**
 * Finishes an interrupted switch; every start does so before it opens the database. Removes what is left of a restore that did not get
 * that far.
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
