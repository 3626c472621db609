import { appendFile, mkdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { DIRECTORY, explainDisk, FILE_MODE, listDirectory, unlessMissing } from './disk.ts';
import { assertKey, type FileStore, isKey } from './file-store.ts';

/** The keys under which an attempt stores files, one per line. */
const KEYS = 'keys';

/**
 * Notes the key of a file, next to the attempt's files, before the file is put into the store: if the process dies before the file has a
 * row, the next attempt knows what to remove.
 */
export const notePut = (localPath: string, key: string): Promise<void> =>
  appendFile(path.join(path.dirname(localPath), KEYS), `${assertKey(key)}\n`, { mode: FILE_MODE }).catch(explainDisk);

/** Creates the local part of every store: directories for attempts, under a root that is created with the first of them. */
export function createScratchDirectories(
  root: string,
): Pick<FileStore, 'openScratch' | 'listScratch' | 'removeScratch' | 'listPut' | 'freeBytes'> {
  const scratchRoot = path.join(root, 'scratch');
  const pathOf = (attempt: string) => path.join(scratchRoot, assertName(attempt));
  const removeScratch = (attempt: string) => rm(pathOf(attempt), { recursive: true, force: true });
  return {
    async openScratch(attempt) {
      await mkdir(pathOf(attempt), DIRECTORY).catch(explainDisk);
      return {
        path: (name) => path.join(pathOf(attempt), assertName(name)),
        remove: () => removeScratch(attempt),
      };
    },
    async *listScratch() {
      for (const attempt of await listDirectory(scratchRoot)) {
        const found = NAME.test(attempt) ? await unlessMissing(stat(pathOf(attempt))) : null;
        if (found) yield { attempt, modifiedAt: found.mtime };
      }
    },
    removeScratch,
    async listPut(attempt) {
      const keys = await unlessMissing(readFile(path.join(pathOf(attempt), KEYS), 'utf8'));
      return (keys ?? '').split('\n').filter(isKey); // a truncated line means that nothing was stored yet
    },
    async freeBytes() {
      await mkdir(root, DIRECTORY).catch(explainDisk);
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}

const NAME = /^[\w-][\w.-]{0,127}$/;

/** Names are generated. Any other name must never become a path. */
function assertName(name: string): string {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name in a scratch directory.`);
  return name;
}
