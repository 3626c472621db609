import { mkdir, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { DIRECTORY, explainDisk, listDirectory, unlessMissing } from './disk.ts';
import type { FileStore } from './file-store.ts';

/** Creates what every store has of the local disk: directories for attempts, under a root that is made with the first of them. */
export function createScratchDirectories(
  root: string,
): Pick<FileStore, 'openScratch' | 'listScratch' | 'removeScratch' | 'freeBytes'> {
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
    async freeBytes() {
      await mkdir(root, DIRECTORY).catch(explainDisk);
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}

const NAME = /^[\w-][\w.-]{0,127}$/;

/** Names are made by us. One that is not must never become a path. */
function assertName(name: string): string {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name in a scratch directory.`);
  return name;
}
