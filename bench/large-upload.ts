/**
 * By how much a server grows while a large recording comes in one request: to its disk, then to a bucket. On PostgreSQL
 * (BENCH_DATABASE_URL).
 *
 *   node bench/large-upload.ts [MB]
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startParley } from '../test/support/parley.ts';
import { openS3 } from '../test/support/s3-server.ts';
import { beginPatch, createUpload, listStored, makeBytes, sha256 } from '../test/support/uploads.ts';
import { makeDatabase } from './support/database.ts';
import { watchResident } from './support/resident.ts';

const size = Number(process.argv[2] ?? 500) * 1e6;
const piece = makeBytes(1_000_000);

const directory = mkdtempSync(join(tmpdir(), 'parley-bench-'));
await measure('to the disk', {}, () => listStored(directory).map((file) => file.sha256));
const s3 = await openS3();
await measure('to a bucket', s3.env, () => [...s3.objects.values()].map(({ bytes }) => sha256(bytes)));
await s3.stop();
rmSync(directory, { recursive: true });

async function measure(where: string, settings: Record<string, string>, stored: () => string[]): Promise<void> {
  const database = await makeDatabase();
  const server = await startParley({ ...database.env, ...settings, DATA_DIR: directory }, 'server');
  const user = await server.user();
  const { url } = await createUpload(user, size);
  await sleep(2_000); // the server comes to rest
  const watch = watchResident(server.process.pid as number);
  const begunMs = performance.now();
  const sent = beginPatch(user, url, { offset: 0, length: size });
  const answered = once(sent, 'response');
  const hash = createHash('sha256');
  for (let offset = 0; offset < size; offset += piece.length) {
    hash.update(piece);
    if (!sent.write(piece)) await once(sent, 'drain');
  }
  sent.end();
  const [{ statusCode }] = await answered;
  const seconds = (performance.now() - begunMs) / 1000;
  watch.stop();
  const whole = stored().includes(hash.digest('hex')) ? 'as it was sent' : 'NOT as it was sent';
  console.log(`${where}: ${statusCode} after ${seconds.toFixed(1)} s, ${whole}; grown by ${watch.growthMib()} MiB`);
  await server.stop();
  await database.drop();
}
