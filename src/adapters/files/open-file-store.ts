import path from 'node:path';
import type { Config } from '#config/config.ts';
import { createDiskStore } from './disk-store.ts';
import type { FileStore } from './file-store.ts';

/** An open store, and a function that closes it. */
type OpenFileStore = { files: FileStore; close(): void };

/** Opens the file store: the bucket if one is configured, whose library takes 20 MB and is only loaded then, or DATA_DIR. */
export async function openFileStore({ dataDir, bucket }: Pick<Config, 'dataDir' | 'bucket'>): Promise<OpenFileStore> {
  const root = path.join(dataDir, 'files');
  if (!bucket) return { files: createDiskStore(root), close() {} };
  const { createBucketStore } = await import('./s3/bucket-store.ts');
  return createBucketStore(bucket, root);
}
