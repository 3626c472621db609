import { type FileHandle, open, readdir } from 'node:fs/promises';
import { StoreFull } from './file-store.ts';

/** Whoever may read the files may hear everything, so only the server's own user may. */
export const DIRECTORY = { recursive: true, mode: 0o700 } as const;
export const FILE_MODE = 0o600;

/** Writes all of it, also where the system takes a part at a time, as on a disk that is nearly full; returns the end. Throws StoreFull. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let written = 0;
  while (written < bytes.length) {
    const step = await file.write(bytes, written, bytes.length - written, offset + written).catch(explainDisk);
    written += step.bytesWritten;
  }
  return offset + written;
}

/** A renamed file is there after a power failure only once its directory is on the disk. Not every system lets one open that. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory).catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Returns the names in a directory, none where it was not made yet. */
export const listDirectory = async (directory: string): Promise<string[]> =>
  (await unlessMissing(readdir(directory))) ?? [];

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

/** Returns null for what is not there. */
export async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** No room on the disk, none within the quota of the user that runs the process, or none for another name. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export const isNoRoom = (error: unknown): boolean => NO_ROOM.has(codeOf(error));

/** Throws StoreFull for an error that says so, else the error. */
export function explainDisk(error: unknown): never {
  throw isNoRoom(error) ? new StoreFull(error) : error;
}
