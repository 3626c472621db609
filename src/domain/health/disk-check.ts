import { statfs } from 'node:fs/promises';
import { unlessMissing } from '#adapters/files/disk.ts';

/** The disk of a directory, in bytes, and what is wrong with it. */
export type DiskState = { space: { freeBytes: number; totalBytes: number } | undefined; problem: string | null };

/** The share of the disk that has to be free. */
const LEAST_FREE_DISK = 0.05;

const looks = new Map<string, Promise<DiskState | null>>();

/**
 * Looks at the disk of a directory; null where there is no directory, as nothing was stored there yet. One look at a time: on a
 * disk of the network that hangs each one holds a thread, and without threads the process reads no files and finds no hosts.
 */
export function lookAtDisk(directory: string): Promise<DiskState | null> {
  const look = looks.get(directory) ?? readDisk(directory).finally(() => looks.delete(directory));
  looks.set(directory, look);
  return look;
}

async function readDisk(directory: string): Promise<DiskState | null> {
  try {
    const disk = await unlessMissing(statfs(directory));
    if (!disk) return null;
    const { bavail, blocks, bsize } = disk;
    const space = { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    return { space, problem: bavail / blocks > LEAST_FREE_DISK ? null : 'The disk is nearly full.' };
  } catch (error) {
    return { space: undefined, problem: `A disk cannot be read: ${(error as Error).message}.` };
  }
}
