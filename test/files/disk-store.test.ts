import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createDiskStore } from '#adapters/files/disk-store.ts';
import { StoreFull } from '#adapters/files/file-store.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { bodyOf } from '../support/files.ts';
import { describeWith } from '../support/requirements.ts';

const cleanup = useCleanup();
const KEY = 'ab/019ac0de-0000-7000-8000-0000000000ab';
const OTHER = 'cd/019ac0de-0000-7000-8000-0000000000cd';

it('the store on a disk is for nobody but its user to read, and programs read in place', async () => {
  const root = createDirectory(cleanup);
  const store = createDiskStore(root);
  await store.write(KEY, 0, bodyOf('sound'), () => {});
  const scratch = await store.openScratch('job.1');
  expect(await store.localPath(KEY, scratch, new AbortController().signal)).toBe(join(root, 'media', KEY));
  expect(statSync(join(root, 'media')).mode & 0o077).toBe(0);
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
