import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createDiskStore } from '#adapters/files/disk-store.ts';
import { FileMissing, type FileStore } from '#adapters/files/file-store.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { all, bodyOf, openTestBucket } from '../support/files.ts';
import { startS3 } from '../support/s3-server.ts';

const cleanup = useCleanup();
const s3 = await startS3();
const KEY = 'ab/019ac0de-0000-7000-8000-0000000000ab';
const OTHER = 'cd/019ac0de-0000-7000-8000-0000000000cd';
const SIGNAL = new AbortController().signal;

const KINDS: Record<string, () => FileStore> = {
  'on a disk': () => createDiskStore(createDirectory(cleanup)),
  'in a bucket': () => {
    s3.objects.clear();
    return openTestBucket(s3, cleanup);
  },
};

describe.each(Object.keys(KINDS))('a store %s', (kind) => {
  const openStore = () => {
    const files = (KINDS[kind] as () => FileStore)();
    const read = async (key: string, range?: { start: number; end: number }) =>
      String(await buffer(await files.read(key, range)));
    return { files, read };
  };

  it('keeps what came of a body before it broke off, and goes on from there', async () => {
    const { files, read } = openStore();
    const write = (offset: number, ...parts: (string | Error)[]) =>
      files.write(KEY, offset, bodyOf(...parts), () => {});
    await expect(write(0, 'good ', 'mor', new Error('cut'))).rejects.toThrow('cut');
    expect((await files.find(KEY))?.sizeBytes).toBe(8);
    expect(await write(5, 'morning')).toBe(12);
    expect(await write(12, ', all')).toBe(17);
    for (const _ of ['once', 'again']) await files.finish(KEY, 17);
    expect(await read(KEY)).toBe('good morning, all');
    expect(await read(KEY, { start: 5, end: 7 })).toBe('mor');
    expect(await files.find(KEY)).toMatchObject({ key: KEY, sizeBytes: 17 });
  });

  it('takes a finished file in whole, and gives programs a path to it', async () => {
    const { files, read } = openStore();
    const scratch = await files.openScratch('job.1');
    writeFileSync(scratch.path('clip.m4a'), 'sound');
    expect(await files.put(scratch.path('clip.m4a'), KEY, SIGNAL)).toMatchObject({ key: KEY, sizeBytes: 5 });
    expect(await read(KEY)).toBe('sound');
    const elsewhere = await files.openScratch('job.2');
    for (const place of [scratch, elsewhere])
      expect(String(await readFile(await files.localPath(KEY, place, SIGNAL)))).toBe('sound');
    await Promise.all([scratch.remove(), elsewhere.remove()]);
    expect(await all(files.listScratch())).toEqual([]);
    expect(await read(KEY)).toBe('sound');
  });

  it('lists all files and attempts, and removes them as often as it is asked to', async () => {
    const { files } = openStore();
    expect(await all(files.list())).toEqual([]);
    for (const key of [KEY, OTHER]) await files.write(key, 0, bodyOf('x'), () => {});
    await files.finish(OTHER, 1);
    await files.openScratch('job.2');
    expect((await all(files.list())).map(({ key, sizeBytes }) => [key, sizeBytes]).sort()).toEqual([
      [KEY, 1],
      [OTHER, 1],
    ]);
    expect(await all(files.listScratch())).toMatchObject([{ attempt: 'job.2' }]);
    for (const _ of ['once', 'again']) {
      await files.remove(KEY);
      await files.removeScratch('job.2');
    }
    expect((await all(files.list())).map(({ key }) => key)).toEqual([OTHER]);
    expect(await files.find(KEY)).toBeNull();
    await expect(files.read(KEY)).rejects.toThrow(FileMissing);
    await expect(files.localPath(KEY, await files.openScratch('job.3'), SIGNAL)).rejects.toThrow(FileMissing);
    expect(await files.check()).toMatchObject({ problem: null });
  });

  it.each(['../../etc/passwd', 'ab/../../x', '/etc/passwd', ''])('takes no name that is not ours: %j', async (key) => {
    const { files } = openStore();
    await expect(files.find(key)).rejects.toThrow('no key');
    await expect(files.remove(key)).rejects.toThrow('no key');
    await expect(files.openScratch('..')).rejects.toThrow('no name');
  });
});
