import { createWriteStream } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { FILE_MODE, isNoRoom, unlessMissing } from '#adapters/files/disk.ts';
import { FileMissing, StoreFull, StoreUnavailable } from '#adapters/files/file-store.ts';
import { findArriving, PART_BYTES } from './arriving.ts';
import type { Bucket } from './bucket.ts';

/** How many bytes of the local disk a download leaves free. */
const LEFT_FREE_BYTES = 64_000_000;
/** How often an interrupted download is resumed. */
const MAX_BREAKS = 5;

/** Uploads a local file, in parts if it is large; if that fails, the uploaded parts are removed. Returns the file's size in bytes. */
export async function sendFile(bucket: Bucket, localPath: string, name: string, signal: AbortSignal): Promise<number> {
  await using file = await open(localPath);
  const { size } = await file.stat();
  const read = async (from: number) => {
    const bytes = Buffer.allocUnsafe(Math.min(PART_BYTES, size - from));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  };
  signal.throwIfAborted();
  if (size <= PART_BYTES) {
    await bucket.inTurn(async () => bucket.put(name, await read(0)));
    return size;
  }
  const upload = await bucket.beginUpload(name);
  try {
    const parts: { number: number; etag: string }[] = [];
    for (let from = 0; from < size; from += PART_BYTES) {
      const number = parts.length + 1;
      const etag = await bucket.inTurn(async () => bucket.putPart(upload, number, await read(from), signal));
      parts.push({ number, etag });
    }
    await bucket.completeUpload(upload, parts);
    return size;
  } catch (error) {
    await bucket.abortUpload(upload).catch(() => {}); // otherwise left to the clean-up
    throw error;
  }
}

/** Where a file is downloaded to, unless the signal is aborted; `freeBytes` is how much space there is. */
export type Fetch = { localPath: string; signal: AbortSignal; freeBytes: () => Promise<number> };

/** Downloads a complete file, unless it is already there; an interrupted download is resumed. */
export async function fetchFile(bucket: Bucket, name: string, { localPath, signal, freeBytes }: Fetch): Promise<void> {
  if (await sizeOf(localPath)) return;
  const { whole } = await findArriving(bucket, name);
  if (!whole) throw new FileMissing(name);
  const { sizeBytes } = whole;
  if ((await freeBytes()) < sizeBytes + LEFT_FREE_BYTES)
    throw new StoreFull(new Error(`There is no room for ${sizeBytes} bytes on the local disk.`));
  const partial = `${localPath}.partial`;
  for (let start = 0, breaks = 0; start < sizeBytes; start = await sizeOf(partial)) {
    const bytes = await bucket.read(name, { start, end: sizeBytes - 1 }, signal);
    try {
      await pipeline(bytes, createWriteStream(partial, { flags: 'a', mode: FILE_MODE }), { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (isNoRoom(error)) throw new StoreFull(error);
      breaks += 1;
      if (breaks > MAX_BREAKS) throw new StoreUnavailable(error);
    }
  }
  await rename(partial, localPath);
}

const sizeOf = async (path: string): Promise<number> => (await unlessMissing(stat(path)))?.size ?? 0;
