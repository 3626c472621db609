import type { FileStore } from '#adapters/files/file-store.ts';
import { createBucketStore } from '#adapters/files/s3/bucket-store.ts';
import { readConfig } from '#config/config.ts';
import { type Cleanup, createDirectory } from './cleanup.ts';
import type { S3Server } from './s3-server.ts';

/** Yields parts as a body does, and throws the errors among them. */
export async function* bodyOf(...parts: (string | Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield typeof part === 'string' ? Buffer.from(part) : part;
  }
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Opens the store in the bucket of a test's server, as a process does; closed after the test. */
export function openTestBucket(s3: S3Server, cleanup: Cleanup): FileStore {
  const { bucket } = readConfig(s3.env);
  if (!bucket) throw new Error('The settings name no bucket.');
  const { files, close } = createBucketStore(bucket, createDirectory(cleanup));
  cleanup.defer(close);
  return files;
}
