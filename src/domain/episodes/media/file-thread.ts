import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { serveTasks } from '#adapters/threads/serve-tasks.ts';

/** Returns the SHA-256 of a local file in hexadecimal. */
async function hash(path: string): Promise<string> {
  const sha256 = createHash('sha256');
  await pipeline(createReadStream(path), sha256);
  return sha256.digest('hex');
}

const tasks = { hash };

/** What the threads for files do. */
export type FileTasks = typeof tasks;

serveTasks(tasks);
