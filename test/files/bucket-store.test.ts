import { writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { type FileStore, StoreUnavailable } from '#adapters/files/file-store.ts';
import { PART_BYTES } from '#adapters/files/s3/arriving.ts';
import { useCleanup } from '../support/cleanup.ts';
import { all, bodyOf, openTestBucket } from '../support/files.ts';
import { startS3 } from '../support/s3-server.ts';
import { until } from '../support/until.ts';
import { makeBytes, sha256 } from '../support/uploads.ts';

const cleanup = useCleanup();
const s3 = await startS3();
const KEY = 'ab/019ac0de-0000-7000-8000-0000000000ab';
const NAME = `media/${KEY}`;
const SIGNAL = new AbortController().signal;
const CONTENT = makeBytes(2.5 * PART_BYTES, 7);
let files: FileStore;

beforeEach(() => {
  s3.objects.clear();
  s3.uploads.clear();
  s3.requests.length = 0;
  s3.fail(() => null);
  files = openTestBucket(s3, cleanup);
});

/** Yields bytes as a socket does. */
async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}

const write = (from: number, to = CONTENT.length, note: (end: number) => void = () => {}) =>
  files.write(KEY, from, inChunks(CONTENT.subarray(from, to)), note);
const arrived = async () => (await files.find(KEY))?.sizeBytes ?? 0;
const stored = async () => sha256(await buffer(await files.read(KEY)));
const scratch = async () => (await all(files.listScratch())).map(({ attempt }) => attempt);

/** Lets only so many requests of an operation through. */
function failAfter(operation: string, count: number, status = 500): void {
  let seen = 0;
  s3.fail((request) => (request.operation === operation && ++seen > count ? { status } : null));
}

describe('a file that arrives in a bucket', () => {
  it('is sent in parts, told as they are stored, and made of them without a byte on the local disk at the end', async () => {
    const told: number[] = [];
    expect(await write(0, CONTENT.length, (end) => told.push(end))).toBe(CONTENT.length);
    expect(told).toEqual([PART_BYTES, 2 * PART_BYTES, CONTENT.length]);
    expect(await arrived()).toBe(CONTENT.length);
    expect(s3.objects.has(NAME)).toBe(false);
    await files.finish(KEY, CONTENT.length);
    expect([await stored(), [...s3.objects.keys()], s3.uploads.size]).toEqual([sha256(CONTENT), [NAME], 0]);
    expect(await scratch()).toEqual([]);
  });

  it('that is broken off again and again arrives as it was sent, and little requests take little', async () => {
    const cuts = [0, 100, 5_000, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 9, CONTENT.length];
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const body = bodyOf(CONTENT.subarray(from, cuts[index + 1]), new Error('cut'));
      await expect(files.write(KEY, from, body, () => {})).rejects.toThrow('cut');
      expect(await arrived()).toBe(cuts[index + 1]);
    }
    await files.finish(KEY, CONTENT.length);
    expect(await stored()).toBe(sha256(CONTENT));

    await files.remove(KEY);
    s3.requests.length = 0;
    for (let from = 0; from < 100_000; from += 1_000) await write(from, from + 1_000);
    expect(s3.objects.size).toBeLessThanOrEqual(17);
    expect(s3.requests.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(1_000_000);
    await files.finish(KEY, 100_000);
    expect(await stored()).toBe(sha256(CONTENT.subarray(0, 100_000)));
  }, 30_000);

  it('from two requests at once, one of which is dead, is as it was sent', async () => {
    const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>();
    async function* halfOpen() {
      yield* inChunks(CONTENT.subarray(0, PART_BYTES + 1_000));
      await goesOn;
      yield* inChunks(CONTENT.subarray(PART_BYTES + 1_000, 2 * PART_BYTES + 77));
      throw new Error('dead');
    }
    const dead = files.write(KEY, 0, halfOpen(), () => {});
    dead.catch(() => {});
    await until(arrived, (end) => end === PART_BYTES);
    await write(PART_BYTES);
    goOn();
    await expect(dead).rejects.toThrow('dead');
    expect(await arrived()).toBe(CONTENT.length);
    await files.finish(KEY, CONTENT.length);
    expect(await stored()).toBe(sha256(CONTENT));

    const [one, two] = [openTestBucket(s3, cleanup), openTestBucket(s3, cleanup)];
    await files.remove(KEY);
    await Promise.all([one, two].map((store) => store.write(KEY, 0, inChunks(CONTENT), () => {})));
    await Promise.all([one, two].map((store) => store.finish(KEY, CONTENT.length)));
    expect([await stored(), s3.uploads.size]).toEqual([sha256(CONTENT), 0]);
  }, 30_000);

  it('leads as far as was told, whatever a late request adds', async () => {
    const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>();
    async function* late() {
      yield CONTENT.subarray(0, 100);
      await goesOn;
    }
    const lateWrite = files.write(KEY, 0, late(), () => {});
    await write(0, 50);
    await write(50, 200);
    expect(await arrived()).toBe(200);
    goOn();
    await lateWrite;
    expect(await arrived()).toBe(200);
    await files.finish(KEY, 200);
    expect(await stored()).toBe(sha256(CONTENT.subarray(0, 200)));
  });

  it('loses nothing that was told, whatever the store fails in, and goes on when it is back', async () => {
    failAfter('UploadPart', 1);
    let told = 0;
    await expect(write(0, CONTENT.length, (end) => (told = end))).rejects.toThrow(StoreUnavailable);
    s3.fail(() => null);
    expect([told, await arrived()]).toEqual([PART_BYTES, PART_BYTES]);
    // In the middle of a part the connection is cut, once: the client tries again by itself.
    let cuts = 0;
    s3.fail(({ operation }) => (operation === 'UploadPart' && cuts++ === 0 ? { cutAfter: 3_000_000 } : null));
    expect(await write(PART_BYTES)).toBe(CONTENT.length);
    expect(cuts).toBe(2);
    for (const operation of ['GetObject', 'UploadPart', 'CompleteMultipartUpload']) {
      failAfter(operation, 0);
      await expect(files.finish(KEY, CONTENT.length)).rejects.toThrow(StoreUnavailable);
      expect(await arrived()).toBe(CONTENT.length);
    }
    s3.fail(() => null);
    await files.finish(KEY, CONTENT.length);
    expect([await stored(), [...s3.objects.keys()], await scratch()]).toEqual([sha256(CONTENT), [NAME], []]);
  }, 60_000);

  it('is aborted when it is removed, and listed as long as there is anything of it', async () => {
    await write(0, PART_BYTES + 5);
    expect(await all(files.list())).toMatchObject([{ key: KEY, sizeBytes: PART_BYTES + 5 }]);
    await files.remove(KEY);
    expect([s3.objects.size, s3.uploads.size, await all(files.list())]).toEqual([0, 0, []]);
    s3.objects.set(
      'backups/somebody-else',
      s3.objects.get(NAME) ?? { bytes: Buffer.from('x'), modifiedAt: new Date(), etag: '"x"' },
    );
    failAfter('CreateMultipartUpload', 1);
    await write(0, PART_BYTES);
    s3.fail(({ operation }) => (operation === 'ListObjectsV2' ? { status: 503 } : null));
    await expect(all(files.list())).rejects.toThrow(StoreUnavailable);
  }, 30_000);
});

describe('a list that says that it goes on, and does not', () => {
  const UPLOAD = `<Upload><Key>${NAME}</Key><UploadId>u</UploadId><Initiated>2026-01-01T00:00:00Z</Initiated></Upload>`;
  const PART = '<Part><PartNumber>1</PartNumber><Size>5</Size><ETag>"e"</ETag></Part>';
  const MORE = '<IsTruncated>true</IsTruncated>';
  /** More pages than this nobody asks for. */
  const ENOUGH = 20;

  it.each<[operation: string, page: string, list: () => Promise<unknown>]>([
    ['ListParts', `${PART}${MORE}`, arrived],
    ['ListParts', `${PART}${MORE}<NextPartNumberMarker>1</NextPartNumberMarker>`, arrived],
    ['ListMultipartUploads', `${UPLOAD}${MORE}`, () => all(files.list())],
    [
      'ListMultipartUploads',
      `${UPLOAD}${MORE}<NextKeyMarker>${NAME}</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>`,
      () => all(files.list()),
    ],
    ['ListObjectsV2', `${MORE}<NextContinuationToken>t</NextContinuationToken>`, () => all(files.list())],
  ])('is given up as that of a store that does not work: %s, %s', async (operation, xml, list) => {
    await write(0, PART_BYTES);
    let pages = 0;
    s3.fail((request) => {
      if (request.operation !== operation) return null;
      pages += 1;
      return pages > ENOUGH ? { status: 400, code: 'Endless' } : { xml };
    });
    await expect(list()).rejects.toThrow(StoreUnavailable);
    expect(pages).toBeLessThan(3);
  });
});

describe('a local file and a bucket', () => {
  it('sends it in parts and keeps it at hand for the next stage, or leaves nothing behind where that fails', async () => {
    const attempt = await files.openScratch('job.1');
    writeFileSync(attempt.path('sound'), CONTENT);
    failAfter('UploadPart', 2);
    await expect(files.put(attempt.path('sound'), KEY, SIGNAL)).rejects.toThrow(StoreUnavailable);
    s3.fail(() => null);
    expect([s3.objects.size, s3.uploads.size]).toEqual([0, 0]);
    const stopped = AbortSignal.abort(new Error('cancelled'));
    await expect(files.put(attempt.path('sound'), KEY, stopped)).rejects.toThrow('cancelled');
    await files.put(attempt.path('sound'), KEY, SIGNAL);
    expect([await stored(), s3.uploads.size]).toEqual([sha256(CONTENT), 0]);
    s3.requests.length = 0;
    expect(sha256(await readFile(await files.localPath(KEY, attempt, SIGNAL)))).toBe(sha256(CONTENT));
    expect(s3.requests).toEqual([]);
  }, 30_000);

  it('is fetched whole though the store breaks off, and not at all where it is given up', async () => {
    const source = await files.openScratch('job.1');
    writeFileSync(source.path('sound'), CONTENT);
    await files.put(source.path('sound'), KEY, SIGNAL);
    const attempt = await files.openScratch('job.2');
    let breaks = 0;
    s3.fail(({ operation }) => (operation === 'GetObject' && breaks++ < 3 ? { cutAfter: 4_000_000 } : null));
    const localPath = await files.localPath(KEY, attempt, SIGNAL);
    expect([sha256(await readFile(localPath)), breaks]).toEqual([sha256(CONTENT), 4]);
    await attempt.remove();

    const broken = await files.openScratch('job.3');
    s3.fail(({ operation }) => (operation === 'GetObject' ? { cutAfter: 1_000 } : null));
    await expect(files.localPath(KEY, broken, SIGNAL)).rejects.toThrow(StoreUnavailable);
    const giveUp = new AbortController();
    s3.fail(({ operation }) => {
      if (operation === 'GetObject') giveUp.abort(new Error('cancelled'));
      return null;
    });
    await expect(files.localPath(KEY, broken, giveUp.signal)).rejects.toThrow('cancelled');
    expect(await readdir(dirname(broken.path('x')))).not.toContain(KEY.slice(3));
  }, 60_000);
});

it('says what to do where the bucket cannot be used, without saying where it is', async () => {
  const sentenceOf = async (env: Record<string, string>) =>
    (await openTestBucket({ ...s3, env: { ...s3.env, ...env } }, cleanup).check()).problem;
  expect(await sentenceOf({})).toBeNull();
  expect(await sentenceOf({ S3_SECRET_ACCESS_KEY: 'wrong' })).toContain('S3_SECRET_ACCESS_KEY');
  expect(await sentenceOf({ S3_BUCKET: 'missing' })).toContain('no such bucket');
  await s3.stop();
  const away = await sentenceOf({});
  await s3.start();
  expect(away).toMatch(/does not answer \(ECONNREFUSED\): check S3_ENDPOINT/);
  expect(away).not.toContain('127.0.0.1');
});
