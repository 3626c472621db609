import { constants, createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DIRECTORY, explainDisk, FILE_MODE, listDirectory, syncDirectory, unlessMissing, writeAll } from './disk.ts';
import { assertKey, FileMissing, type FileStore, isKey, type StoredFile } from './file-store.ts';
import { createScratchDirectories, notePut } from './scratch-directories.ts';

const MEDIA = 'media';

/** Creates the store on a disk, under a directory that is created with the first file. */
export function createDiskStore(root: string): FileStore {
  const pathOf = (key: string) => path.join(root, MEDIA, assertKey(key));
  const find: FileStore['find'] = async (key) => {
    const found = await unlessMissing(stat(pathOf(key)));
    return found && { key, sizeBytes: found.size, modifiedAt: found.mtime };
  };
  return {
    ...createScratchDirectories(root),
    find,
    async write(key, offset, body, onWritten) {
      await mkdir(path.dirname(pathOf(key)), DIRECTORY).catch(explainDisk);
      await using file = await open(pathOf(key), constants.O_WRONLY | constants.O_CREAT, FILE_MODE).catch(explainDisk);
      let end = offset;
      for await (const bytes of body) {
        end = await writeAll(file, bytes, end);
        onWritten(end);
      }
      return end;
    },
    async finish(key) {
      await using file = await openFile(pathOf(key), key);
      await file.datasync().catch(explainDisk);
    },
    async put(localPath, key) {
      await using file = await open(localPath);
      await file.sync().catch(explainDisk);
      await mkdir(path.dirname(pathOf(key)), DIRECTORY).catch(explainDisk);
      await notePut(localPath, key);
      await rename(localPath, pathOf(key)).catch(explainDisk);
      await syncDirectory(path.dirname(pathOf(key)));
      return (await find(key)) as StoredFile;
    },
    async read(key, range) {
      const file = await openFile(pathOf(key), key);
      return createReadStream('', { fd: file, ...range });
    },
    address: async () => null,
    async localPath(key) {
      if (!(await find(key))) throw new FileMissing(key);
      return pathOf(key);
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
    async *list() {
      for (const shard of await listDirectory(path.join(root, MEDIA))) {
        if (!SHARD.test(shard)) continue;
        for (const name of await listDirectory(path.join(root, MEDIA, shard))) {
          const key = `${shard}/${name}`;
          const file = isKey(key) ? await find(key) : null;
          if (file) yield file;
        }
      }
    },
    check: async () => ({ details: { kind: 'disk' }, problem: null }),
  };
}

/** Other entries next to our files, such as `lost+found`, are not listed. */
const SHARD = /^[0-9a-f]{2}$/;

async function openFile(filePath: string, key: string): Promise<FileHandle> {
  const file = await unlessMissing(open(filePath));
  if (!file) throw new FileMissing(key);
  return file;
}
