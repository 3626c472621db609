import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readDump } from '#adapters/database/dump/dump-file.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';

const cleanup = useCleanup();

async function read(file: string): Promise<void> {
  for await (const _ of readDump(file));
}

it('a dump that cannot be read, or is cut off, is an error of whoever reads it, and of nobody else', async () => {
  const directory = createDirectory(cleanup);
  await expect(read(join(directory, 'gone'))).rejects.toThrow('ENOENT');
  await expect(read(directory)).rejects.toThrow('EISDIR');
  const file = join(directory, 'data.gz');
  const whole = gzipSync(`${JSON.stringify({ table: 'a', columns: ['b'] })}\n["1"]\n${JSON.stringify({ end: 1 })}\n`);
  writeFileSync(file, whole);
  await read(file);
  writeFileSync(file, whole.subarray(0, -12));
  await expect(read(file)).rejects.toThrow('unexpected end of file');
});
