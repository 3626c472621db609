import path from 'node:path';
import type { Config } from '#config/config.ts';
import { createDiskStore } from './disk-store.ts';
import type { FileStore } from './file-store.ts';

/** An open store, and how to let go of it. */
type OpenFileStore = { files: FileStore; close(): void };

/** Opens the store of files: the bucket where one is set, whose library takes 20 MB and is loaded by nobody else, or DATA_DIR. */
export async function openFileStore({ dataDir, bucket }: Pick<Config, 'dataDir' | 'bucket'>): Promise<OpenFileStore> {
  const root = path.join(dataDir, 'files');
  if (!bucket) return { files: createDiskStore(root), close() {} };
  const { createBucketStore } = await import('./s3/bucket-store.ts');
  return createBucketStore(bucket, root);
}
