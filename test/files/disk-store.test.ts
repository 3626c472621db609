import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createDiskStore } from '#adapters/files/disk-store.ts';
import { FileMissing, StoreFull } from '#adapters/files/file-store.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { describeWith } from '../support/requirements.ts';

const cleanup = useCleanup();
const KEY = 'ab/019ac0de-0000-7000-8000-0000000000ab';
const OTHER = 'cd/019ac0de-0000-7000-8000-0000000000cd';

async function* bodyOf(...parts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function openStore() {
  const root = createDirectory(cleanup);
  const store = createDiskStore(root);
  const read = async (key: string, range?: { start: number; end: number }) =>
    String(await buffer(await store.read(key, range)));
  return { root, store, read };
}

describe('the store on a disk', () => {
  it('keeps what came of a body before it broke off, and goes on from there', async () => {
    const { store, read } = openStore();
    const offsets: number[] = [];
    const write = (offset: number, ...parts: (string | Error)[]) =>
      store.write(KEY, offset, bodyOf(...parts), (end) => offsets.push(end));
    await expect(write(0, 'good ', 'mor', new Error('cut'))).rejects.toThrow('cut');
    expect((await store.find(KEY))?.sizeBytes).toBe(8);
    expect(await write(5, 'morning')).toBe(12);
    expect(offsets).toEqual([5, 8, 12]);
    await store.sync(KEY);
    expect(await read(KEY)).toBe('good morning');
    expect(await read(KEY, { start: 5, end: 7 })).toBe('mor');
  });

  it('moves a finished file in whole, for nobody but its user to read', async () => {
    const { root, store, read } = openStore();
    const scratch = await store.openScratch('job.1');
    writeFileSync(scratch.path('clip.m4a'), 'sound');
    expect(await store.put(scratch.path('clip.m4a'), KEY)).toMatchObject({ key: KEY, sizeBytes: 5 });
    expect(await read(KEY)).toBe('sound');
    expect(await store.localPath(KEY, scratch)).toBe(join(root, 'media', KEY));
    await scratch.remove();
    expect(await all(store.listScratch())).toEqual([]);
    expect(statSync(join(root, 'media')).mode & 0o077).toBe(0);
  });

  it('lists all files and attempts, and removes them as often as it is asked to', async () => {
    const { store } = openStore();
    expect(await all(store.list())).toEqual([]);
    for (const key of [KEY, OTHER]) await store.write(key, 0, bodyOf('x'), () => {});
    await store.openScratch('job.2');
    expect((await all(store.list())).map(({ key }) => key).sort()).toEqual([KEY, OTHER]);
    expect(await all(store.listScratch())).toMatchObject([{ attempt: 'job.2' }]);
    for (const _ of ['once', 'again']) {
      await store.remove(KEY);
      await store.removeScratch('job.2');
    }
    expect((await all(store.list())).map(({ key }) => key)).toEqual([OTHER]);
    expect(await store.find(KEY)).toBeNull();
    await expect(store.read(KEY)).rejects.toThrow(FileMissing);
  });

  it.each(['../../etc/passwd', 'ab/../../x', '/etc/passwd', ''])('takes no name that is not ours: %j', async (key) => {
    const { store } = openStore();
    await expect(store.find(key)).rejects.toThrow('no key');
    await expect(store.remove(key)).rejects.toThrow('no key');
    await expect(store.openScratch('..')).rejects.toThrow('no name');
  });
});

describeWith('mount', 'the store on a disk that is full', () => {
  it('keeps what there was room for, says that it is full, and goes on when there is room', async () => {
    const root = createDirectory(cleanup);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', root]);
    cleanup.defer(() => execFileSync('umount', [root]));
    const store = createDiskStore(root);
    const ballast = join(root, 'media', OTHER);
    mkdirSync(dirname(ballast), { recursive: true });
    writeFileSync(ballast, new Uint8Array(1_000_000));
    expect(await store.freeBytes()).toBeLessThan(1_200_000);
    const content = Buffer.alloc(1_500_000, 'abcdefg');
    const from = (offset: number) => store.write(KEY, offset, bodyOf(String(content.subarray(offset))), () => {});
    await expect(from(0)).rejects.toThrow(StoreFull);
    const { sizeBytes = 0 } = (await store.find(KEY)) ?? {};
    expect(sizeBytes).toBeGreaterThan(500_000);
    await store.remove(OTHER);
    expect(await from(sizeBytes)).toBe(content.length);
    expect(readFileSync(join(root, 'media', KEY)).equals(content)).toBe(true);
  });
});
