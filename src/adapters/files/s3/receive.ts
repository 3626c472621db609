import { FileMissing } from '#adapters/files/file-store.ts';
import { type Arriving, findArriving, findUpload, PART_BYTES, type Rest, restName } from './arriving.ts';
import type { Bucket, OpenUpload } from './bucket.ts';
import { isUploadGone } from './failures.ts';
import type { Spool } from './spool.ts';

/** The part of a file that one request uploads: bytes from an offset on. */
export type Incoming = {
  offset: number;
  body: AsyncIterable<Uint8Array>;
  onWritten: (offset: number) => void;
};

/** So many remainders are merged before the next: a client that sends little costs one per request, and no request costs a whole part. */
const MAX_RESTS = 16;

/**
 * Uploads bytes to the bucket: each part once it is full, and what is left at the end, or when the body is interrupted, as a remainder.
 * While a part is uploaded, the next one arrives. Returns the offset after the last byte.
 */
export async function receive(
  bucket: Bucket,
  name: string,
  spool: Spool,
  { offset, body, onWritten }: Incoming,
): Promise<number> {
  const arriving = await findArriving(bucket, name);
  if (arriving.whole || arriving.end < offset) throw new Error(`${name} is at ${arriving.end}, not at ${offset}.`);
  let { upload, rests, end } = arriving;
  let base = arriving.parts.length * PART_BYTES;
  let stored = end;
  let sending = Promise.resolve();

  /** Starts to upload the part in the spool; resolves when the spool is free. */
  const sendPart = async () => {
    await sending;
    await fetchRests(bucket, rests, spool, base);
    const target = upload ?? (await openUpload(bucket, name));
    const number = base / PART_BYTES + 1;
    const { promise: isFree, resolve: free } = Promise.withResolvers<void>();
    sending = bucket.inTurn(async () => {
      const bytes = await spool.read(0, PART_BYTES);
      free();
      await bucket.putPart(target, number, bytes);
      onWritten(number * PART_BYTES);
    });
    sending.catch(() => {}); // thrown to the next caller that awaits it
    await Promise.race([isFree, sending]);
    upload = target;
    rests = [];
    base += PART_BYTES;
    stored = base;
  };

  const take = async () => {
    for await (const bytes of skip(body, end - offset)) {
      for (let from = 0; from < bytes.length; ) {
        const piece = bytes.subarray(from, from + base + PART_BYTES - end);
        await spool.write(piece, end - base);
        from += piece.length;
        end += piece.length;
        if (end === base + PART_BYTES) await sendPart();
      }
    }
  };

  try {
    await take();
  } finally {
    await sending;
    if (end > stored) {
      await storeRest(bucket, name, spool, { base, rests, start: stored, end });
      onWritten(end);
    }
  }
  return end;
}

/** Skips the first bytes of a body, which another request has uploaded meanwhile. */
async function* skip(body: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const bytes of body) {
    if (left < bytes.length) yield bytes.subarray(left);
    left = Math.max(0, left - bytes.length);
  }
}

type NewRest = { base: number; rests: readonly Rest[]; start: number; end: number };

async function storeRest(bucket: Bucket, name: string, spool: Spool, { base, rests, start, end }: NewRest) {
  const joined = rests.length >= MAX_RESTS;
  if (joined) await fetchRests(bucket, rests, spool, base);
  const from = joined ? base : start;
  await bucket.inTurn(async () => bucket.put(restName(name, from, end), await spool.read(from - base, end - base)));
  if (joined) await removeAll(bucket, rests);
}

/** Copies remainders to their positions in the spool of their part. */
async function fetchRests(bucket: Bucket, rests: readonly Rest[], spool: Spool, base: number): Promise<void> {
  for (const { name, start } of rests) {
    let at = start - base;
    for await (const bytes of await bucket.read(name)) {
      await spool.write(bytes, at);
      at += bytes.length;
    }
  }
}

async function openUpload(bucket: Bucket, name: string): Promise<OpenUpload> {
  const own = await bucket.beginUpload(name);
  const first = (await findUpload(bucket, name)) ?? own;
  if (first.uploadId !== own.uploadId) await bucket.abortUpload(own);
  return first;
}

/** Creates the file from its parts and remainders. Returns when it exists; another process may do the same at once. */
export async function complete(bucket: Bucket, name: string, spool: Spool, sizeBytes: number): Promise<void> {
  const arriving = await findArriving(bucket, name);
  if (arriving.end !== sizeBytes) throw new Error(`${name} has ${arriving.end} bytes instead of ${sizeBytes}.`);
  if (!arriving.whole) await join(bucket, name, spool, arriving);
  await removeAll(bucket, arriving.allRests);
}

async function join(bucket: Bucket, name: string, spool: Spool, { upload, parts, rests, end }: Arriving) {
  const base = parts.length * PART_BYTES;
  const readRests = () => spool.read(0, end - base);
  try {
    await fetchRests(bucket, rests, spool, base);
    if (!upload) return await bucket.inTurn(async () => bucket.put(name, await readRests()));
    const number = parts.length + 1;
    const last =
      rests.length > 0
        ? [{ number, etag: await bucket.inTurn(async () => bucket.putPart(upload, number, await readRests())) }]
        : [];
    await bucket.completeUpload(upload, [...parts, ...last]);
  } catch (error) {
    const mayBeDone = isUploadGone(error) || error instanceof FileMissing;
    if (!mayBeDone || (await findArriving(bucket, name)).whole?.sizeBytes !== end) throw error;
  }
}

/** What cannot be removed is removed with the file. */
async function removeAll(bucket: Bucket, objects: readonly { name: string }[]): Promise<void> {
  await Promise.allSettled(objects.map(({ name }) => bucket.remove(name)));
}
