import { Readable } from 'node:stream';
import type { FileStore } from '#adapters/files/file-store.ts';
import { openFileStore } from '#adapters/files/open-file-store.ts';
import type { Config } from '#config/config.ts';
import { newFileName } from '#domain/episodes/media/files/files.ts';
import { type Finding, fail, ok } from './finding.ts';

/** Writes a file into the bucket, reads it and removes it: keys that may list the bucket may still lack other rights. */
export async function checkFiles(config: Config): Promise<Finding[]> {
  if (!config.bucket) return [ok('Media files are in DATA_DIR; several machines have to share it, or set S3_BUCKET.')];
  const { files, close } = await openFileStore(config);
  try {
    const { problem } = await files.check();
    if (problem) return [fail(problem)];
    await tryStore(files);
    return [ok(`Media files are in the bucket ${config.bucket.bucket}, which takes, gives and removes them.`)];
  } catch {
    return [fail('The keys of S3 may see the bucket, but not write, read, list and delete objects in it; allow that.')];
  } finally {
    close();
  }
}

async function tryStore(files: FileStore): Promise<void> {
  const { id, storageKey } = newFileName();
  await files.write(storageKey, 0, Readable.from([Buffer.from(id)]), () => {});
  try {
    await files.finish(storageKey, id.length);
    (await files.read(storageKey)).destroy();
  } finally {
    await files.remove(storageKey);
  }
}
