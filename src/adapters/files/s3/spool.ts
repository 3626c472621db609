import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { explainDisk, FILE_MODE, writeAll } from '#adapters/files/disk.ts';
import type { FileStore } from '#adapters/files/file-store.ts';

/**
 * What has arrived of one part, on the local disk until it is uploaded: a client may be slow, and memory must not be occupied meanwhile.
 */
export type Spool = AsyncDisposable & {
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Returns the bytes between two positions. */
  read(from: number, to: number): Promise<Uint8Array>;
};

/** Opens a spool, which is deleted when it is disposed of. Throws StoreFull. */
export async function openSpool(files: Pick<FileStore, 'openScratch'>): Promise<Spool> {
  const scratch = await files.openScratch(`upload.${randomUUID()}`);
  const file = await open(scratch.path('part'), 'wx+', FILE_MODE).catch(async (error: unknown) => {
    await scratch.remove();
    return explainDisk(error);
  });
  return {
    async write(bytes, at) {
      await writeAll(file, bytes, at);
    },
    async read(from, to) {
      const bytes = Buffer.allocUnsafe(to - from);
      for (let got = 0; got < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, got, bytes.length - got, from + got);
        if (bytesRead === 0) throw new Error('A spool has less than was written into it.');
        got += bytesRead;
      }
      return bytes;
    },
    async [Symbol.asyncDispose]() {
      await file.close();
      await scratch.remove();
    },
  };
}
