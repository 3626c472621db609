import type { Bucket, BucketObject, OpenUpload, UploadedPart } from './bucket.ts';
import { isUploadGone } from './failures.ts';

/**
 * The size of every part of an upload except the last, in bytes: all stores accept 5 MiB, and some require parts of one size. A part's
 * position follows from its number, so two requests that write one file write the same bytes to the same position. 10,000 parts are 83
 * GB.
 */
export const PART_BYTES = 8 * 2 ** 20;

/** Bytes after the last full part, from one offset of the file to another: an object of its own until the part is full. */
export type Rest = { name: string; start: number; end: number };

/** What the bucket contains of a file. */
export type Arriving = {
  /** The finished file; then there is nothing else. */
  whole: BucketObject | null;
  upload: OpenUpload | null;
  /** Full parts, without a gap. */
  parts: UploadedPart[];
  /** The remainders after the parts, each following the previous one. */
  rests: Rest[];
  /** All remainders, including those that are contained in something larger by now. */
  allRests: BucketObject[];
  /** How many bytes have arrived. */
  end: number;
  /** Null if there is nothing. */
  modifiedAt: Date | null;
};

/**
 * Finds what the bucket contains of a file, by names and sizes alone, so that nothing has to be kept in sync with it. A file that is
 * finished meanwhile is found, since objects are listed last.
 */
export async function findArriving(bucket: Bucket, name: string): Promise<Arriving> {
  const upload = await findUpload(bucket, name);
  const parts = upload ? fullParts(await listParts(bucket, upload)) : [];
  const objects = await collect(bucket.list(name));
  const whole = objects.find((object) => object.name === name) ?? null;
  const allRests = objects.filter((object) => readRest(object) !== null);
  const rests = whole ? [] : chainRests(allRests, parts.length * PART_BYTES);
  const dates = [...objects, ...parts].map(({ modifiedAt }) => modifiedAt.getTime());
  if (upload) dates.push(upload.begunAt.getTime());
  return {
    ...{ whole, upload, parts, rests, allRests },
    end: whole?.sizeBytes ?? rests.at(-1)?.end ?? parts.length * PART_BYTES,
    modifiedAt: dates.length > 0 ? new Date(Math.max(...dates)) : null,
  };
}

/** Finds the multipart upload of a file: the first, if two requests have started one at the same moment. */
export async function findUpload(bucket: Bucket, name: string): Promise<OpenUpload | null> {
  const uploads = (await collect(bucket.listUploads(name))).filter((upload) => upload.name === name);
  const order = (a: OpenUpload, b: OpenUpload) =>
    a.begunAt.getTime() - b.begunAt.getTime() || (a.uploadId < b.uploadId ? -1 : 1);
  return uploads.sort(order)[0] ?? null;
}

/** Returns none for an upload that has ended. */
async function listParts(bucket: Bucket, upload: OpenUpload): Promise<UploadedPart[]> {
  try {
    return await bucket.listParts(upload);
  } catch (error) {
    if (isUploadGone(error)) return [];
    throw error;
  }
}

/** Collects all values. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** If finishing a file was interrupted, its last part is not full, and the bytes of that part are in the remainders. */
function fullParts(parts: UploadedPart[]): UploadedPart[] {
  const gap = parts.findIndex(({ number, sizeBytes }, index) => number !== index + 1 || sizeBytes !== PART_BYTES);
  return gap < 0 ? parts : parts.slice(0, gap);
}

export const restName = (name: string, start: number, end: number): string => `${name}.${start}-${end}`;

function readRest({ name }: BucketObject): Rest | null {
  const [, start, end] = /\.(\d+)-(\d+)$/.exec(name) ?? [];
  return start && end ? { name, start: Number(start), end: Number(end) } : null;
}

/** Returns the remainder that an object is; null for an incomplete one, as in stores that show an object before it is complete. */
function readWholeRest(object: BucketObject): Rest | null {
  const rest = readRest(object);
  return rest && rest.end - rest.start === object.sizeBytes ? rest : null;
}

/**
 * Returns the chain of remainders that leads farthest from an offset, each beginning where the previous one ends. Remainders that a late
 * request adds never make it shorter.
 */
function chainRests(objects: readonly BucketObject[], from: number): Rest[] {
  const all = objects.map(readWholeRest).filter((rest) => rest !== null);
  const lastTo = new Map<number, Rest | null>([[from, null]]);
  for (const rest of all.sort((a, b) => a.start - b.start || a.end - b.end))
    if (lastTo.has(rest.start) && !lastTo.has(rest.end)) lastTo.set(rest.end, rest);
  const chain: Rest[] = [];
  for (let rest = lastTo.get(Math.max(...lastTo.keys())); rest; rest = lastTo.get(rest.start)) chain.unshift(rest);
  return chain;
}
