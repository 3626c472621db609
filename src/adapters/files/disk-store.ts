import { constants, createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { FileMissing, type FileStore, type StoredFile, StoreFull } from './file-store.ts';

/** Under the root: files, and what attempts at jobs make. */
const MEDIA = 'media';
const SCRATCH = 'scratch';

/**
 * Creates the store on a disk, under a directory that is made with the first file. Whoever may read it may hear everything, so only
 * its own user may.
 */
export function createDiskStore(root: string): FileStore {
  const mediaPath = (key: string) => path.join(root, MEDIA, assertKey(key));
  const scratchPath = (attempt: string) => path.join(root, SCRATCH, assertName(attempt));
  const find: FileStore['find'] = async (key) => {
    const found = await unlessMissing(stat(mediaPath(key)));
    return found && { key, sizeBytes: found.size, modifiedAt: found.mtime };
  };
  return {
    find,
    async write(key, offset, body, onWritten) {
      await mkdir(path.dirname(mediaPath(key)), DIRECTORY).catch(explain);
      await using file = await open(mediaPath(key), constants.O_WRONLY | constants.O_CREAT, FILE_MODE).catch(explain);
      let end = offset;
      for await (const bytes of body) {
        end = await writeAll(file, bytes, end);
        onWritten(end);
      }
      return end;
    },
    async sync(key) {
      await using file = await openFile(mediaPath(key), key);
      await file.datasync().catch(explain);
    },
    async put(localPath, key) {
      await using file = await open(localPath);
      await file.sync().catch(explain);
      await mkdir(path.dirname(mediaPath(key)), DIRECTORY).catch(explain);
      await rename(localPath, mediaPath(key)).catch(explain);
      await syncDirectory(path.dirname(mediaPath(key)));
      return (await find(key)) as StoredFile;
    },
    async read(key, range) {
      const file = await openFile(mediaPath(key), key);
      return createReadStream('', { fd: file, ...range });
    },
    async localPath(key) {
      if (!(await find(key))) throw new FileMissing(key);
      return mediaPath(key);
    },
    async remove(key) {
      await rm(mediaPath(key), { force: true });
    },
    async *list() {
      for (const shard of await listDirectory(path.join(root, MEDIA))) {
        if (!SHARD.test(shard)) continue;
        for (const name of await listDirectory(path.join(root, MEDIA, shard))) {
          const key = `${shard}/${name}`;
          const file = KEY.test(key) ? await find(key) : null;
          if (file) yield file;
        }
      }
    },
    async openScratch(attempt) {
      await mkdir(scratchPath(attempt), DIRECTORY).catch(explain);
      return {
        path: (name) => path.join(scratchPath(attempt), assertName(name)),
        remove: () => rm(scratchPath(attempt), { recursive: true, force: true }),
      };
    },
    async *listScratch() {
      for (const attempt of await listDirectory(path.join(root, SCRATCH))) {
        const found = NAME.test(attempt) ? await unlessMissing(stat(scratchPath(attempt))) : null;
        if (found) yield { attempt, modifiedAt: found.mtime };
      }
    },
    async removeScratch(attempt) {
      await rm(scratchPath(attempt), { recursive: true, force: true });
    },
    async freeBytes() {
      await mkdir(root, DIRECTORY).catch(explain);
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}

const DIRECTORY = { recursive: true, mode: 0o700 } as const;
const FILE_MODE = 0o600;

const KEY = /^[0-9a-f]{2}\/[0-9a-f-]{36}$/;
/** What others put beside our files, as `lost+found`, is not ours to list. */
const SHARD = /^[0-9a-f]{2}$/;
const NAME = /^[\w-][\w.-]{0,127}$/;

/** Names are made by us. One that is not must never become a path. */
function assertKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`${JSON.stringify(key)} is no key of the store.`);
  return key;
}

function assertName(name: string): string {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name in a scratch directory.`);
  return name;
}

/** Writes all of it, also where the system takes a part at a time, as on a disk that is nearly full; returns the end. */
async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let written = 0;
  while (written < bytes.length) {
    const step = await file.write(bytes, written, bytes.length - written, offset + written).catch(explain);
    written += step.bytesWritten;
  }
  return offset + written;
}

/** A renamed file is there after a power failure only once its directory is on the disk. Not every system lets one open that. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory).catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

async function openFile(filePath: string, key: string): Promise<FileHandle> {
  const file = await unlessMissing(open(filePath));
  if (!file) throw new FileMissing(key);
  return file;
}

/** Returns the names in a directory, none where it was not made yet. */
const listDirectory = async (directory: string) => (await unlessMissing(readdir(directory))) ?? [];

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** No room on the disk, none within the quota of the user that runs the process, or none for another name. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function explain(error: unknown): never {
  throw NO_ROOM.has(codeOf(error)) ? new StoreFull(error) : error;
}
