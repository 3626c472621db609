import { rename } from 'node:fs/promises';
import path from 'node:path';
import { assertKey, type FileStore, isKey, type StoreCheck } from '#adapters/files/file-store.ts';
import { createScratchDirectories, notePut } from '#adapters/files/scratch-directories.ts';
import { rarely } from '#adapters/rarely.ts';
import type { BucketSettings } from '#config/files.ts';
import { collect, findArriving } from './arriving.ts';
import { Bucket } from './bucket.ts';
import { describeFailure, isUploadGone } from './failures.ts';
import { complete, receive } from './receive.ts';
import { openSpool } from './spool.ts';
import { fetchFile, sendFile } from './transfers.ts';

/** The prefix of all files' names, so that the bucket may hold other things. */
const PREFIX = 'media/';
const nameOf = (key: string) => `${PREFIX}${assertKey(key)}`;

/** For how many milliseconds a check of the bucket is valid. */
const CHECK_EVERY_MS = 15_000;

/**
 * Creates the store in a bucket. The local disk, under `root`, only holds work in progress: a part of each upload, and the working files
 * of jobs.
 */
export function createBucketStore(settings: BucketSettings, root: string): { files: FileStore; close(): void } {
  const bucket = new Bucket(settings);
  const local = createScratchDirectories(root);
  const find: FileStore['find'] = async (key) => {
    const { end, modifiedAt } = await findArriving(bucket, nameOf(key));
    return modifiedAt && { key, sizeBytes: end, modifiedAt };
  };
  const files: FileStore = {
    ...local,
    find,
    async write(key, offset, body, onWritten) {
      await using spool = await openSpool(local);
      return await receive(bucket, nameOf(key), spool, { offset, body, onWritten });
    },
    async finish(key, sizeBytes) {
      await using spool = await openSpool(local);
      await complete(bucket, nameOf(key), spool, sizeBytes);
    },
    async put(localPath, key, signal) {
      await notePut(localPath, key);
      const sizeBytes = await sendFile(bucket, localPath, nameOf(key), signal);
      await rename(localPath, path.join(path.dirname(localPath), fetchedName(key))); // the next stage need not download it
      return { key, sizeBytes, modifiedAt: new Date() };
    },
    read: (key, range) => bucket.read(nameOf(key), range),
    address: (key, address) => bucket.address(nameOf(key), address),
    async localPath(key, scratch, signal) {
      const localPath = scratch.path(fetchedName(key));
      await fetchFile(bucket, nameOf(key), { localPath, signal, freeBytes: local.freeBytes });
      return localPath;
    },
    async remove(key) {
      for await (const upload of bucket.listUploads(nameOf(key))) await abort(bucket, upload);
      for await (const { name } of bucket.list(nameOf(key))) await bucket.remove(name);
    },
    async *list() {
      const uploads = (await collect(bucket.listUploads(PREFIX))).map(({ name }) => name);
      const arriving = new Set(uploads.filter((name) => isKey(name.slice(PREFIX.length))));
      for await (const { name, sizeBytes, modifiedAt } of bucket.list(PREFIX)) {
        const [key = '', rest] = name.slice(PREFIX.length).split('.', 2);
        if (!isKey(key)) continue;
        if (rest === undefined) yield { key, sizeBytes, modifiedAt };
        else arriving.add(nameOf(key));
      }
      for (const name of arriving) {
        const { whole, end, modifiedAt } = await findArriving(bucket, name);
        if (modifiedAt && !whole) yield { key: name.slice(PREFIX.length), sizeBytes: end, modifiedAt };
      }
    },
    check: rarely(CHECK_EVERY_MS, () => check(bucket)),
  };
  return { files, close: () => bucket.close() };
}

/** The name of a file in the directory of an attempt that has downloaded or uploaded it. */
const fetchedName = (key: string) => path.posix.basename(key);

async function abort(bucket: Bucket, upload: Parameters<Bucket['abortUpload']>[0]): Promise<void> {
  try {
    await bucket.abortUpload(upload);
  } catch (error) {
    if (!isUploadGone(error)) throw error;
  }
}

/** Checks the bucket; a problem is described in a sentence for its operator. */
async function check(bucket: Bucket): Promise<StoreCheck> {
  const details = { kind: 's3' };
  try {
    await bucket.ping();
    return { details, problem: null };
  } catch (error) {
    return { details, problem: describeFailure(error) };
  }
}
