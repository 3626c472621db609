import { type FileHandle, open, readdir } from 'node:fs/promises';
import { StoreFull } from './file-store.ts';

/** Only for the server's own user: anybody who can read the files can hear everything. */
export const DIRECTORY = { recursive: true, mode: 0o700 } as const;
export const FILE_MODE = 0o600;

/**
 * Writes everything, even if the system only accepts a part at a time, as on a disk that is nearly full; returns the end. Throws
 * StoreFull.
 */
export async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let written = 0;
  while (written < bytes.length) {
    const step = await file.write(bytes, written, bytes.length - written, offset + written).catch(explainDisk);
    written += step.bytesWritten;
  }
  return offset + written;
}

/** A renamed file survives a power failure only once its directory is flushed. Not every system allows opening that. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory).catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Returns the names in a directory; none if it does not exist yet. */
export const listDirectory = async (directory: string): Promise<string[]> =>
  (await unlessMissing(readdir(directory))) ?? [];

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

/** Returns null for what does not exist. */
export async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** No space on the disk, within the quota of the process's user, or for another name. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export const isNoRoom = (error: unknown): boolean => NO_ROOM.has(codeOf(error));

/** Throws StoreFull for such an error, otherwise the error itself. */
export function explainDisk(error: unknown): never {
  throw isNoRoom(error) ? new StoreFull(error) : error;
}
