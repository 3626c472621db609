import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Returns what is the same for processes that run the same code only. */
export async function hashSource(): Promise<string> {
  const root = import.meta.dirname;
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(await readFile(path.join(root, name)));
  return hash.digest('base64url').slice(0, 16);
}
