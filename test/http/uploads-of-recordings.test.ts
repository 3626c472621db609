import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as tus from 'tus-js-client';
import { describe, expect, it, vi } from 'vitest';
import { streamUntilSilent } from '#http/body.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { freePort } from '../support/free-port.ts';
import { bearer } from '../support/http.ts';
import type { Parley } from '../support/parley.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';
import {
  beginPatch,
  createUpload,
  EpisodeState,
  head,
  listStored,
  makeBytes,
  patch,
  sha256,
} from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const processes = useProcesses({ env: { FFMPEG_PATH: '/nowhere/ffmpeg', FFPROBE_PATH: '/nowhere/ffprobe' } });
const cleanup = useCleanup();
const dataDir = () => processes.database.env.DATA_DIR as string;

/** Resident memory of a process: bytes. */
const residentBytes = ({ process }: Parley) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8'))?.[1]) * 1024;

describe('an upload over a bad network', () => {
  it('by tus-js-client goes on where it was, through kill -9 of its server, and arrives as it was sent', async () => {
    const PORT = String(await freePort());
    const first = await processes.start('server', { PORT });
    const ann = await first.user();
    const bytes = makeBytes(6_000_000, 3);
    const { url, episodeId } = await createUpload(first.as(ann), bytes.length);
    let second: Promise<Parley> | undefined;
    await new Promise<void>((resolve, reject) => {
      const upload = new tus.Upload(bytes, {
        uploadUrl: url,
        headers: bearer(ann.key),
        chunkSize: 500_000,
        retryDelays: Array.from({ length: 600 }, () => 100),
        onChunkComplete(_size, sent) {
          if (sent < 2_000_000 || second) return;
          first.kill('SIGKILL');
          second = processes.start('server', { PORT });
        },
        onSuccess: () => resolve(),
        onError: reject,
      });
      upload.start();
    });
    const parley = (await second) as Parley;
    const { episode } = await parley.as(ann).ask(EpisodeState, { id: episodeId });
    expect(episode).toMatchObject({ status: 'UPLOADED', receivedBytes: bytes.length, job: { status: 'QUEUED' } });
    expect(listStored(dataDir()).map((file) => file.sha256)).toContain(sha256(bytes));

    const { storage } = await parley.as(ann).ask('{ storage { usedBytes uploadingBytes files } }');
    expect(storage).toEqual({ usedBytes: bytes.length, uploadingBytes: 0, files: 1 });
    const stats = await fetch(`${parley.url}/storage/stats`, { headers: bearer(ann.key) });
    expect(await stats.json()).toMatchObject({
      usedBytes: bytes.length,
      uploadingBytes: 0,
      archivedBytes: 0,
      files: 1,
    });
    expect((await fetch(`${parley.url}/storage/stats`)).status).toBe(401);
    expect(listStored(dataDir()).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(bytes.length);
  });

  it('that is killed in the middle of a part has what is on the disk, and storage says what is reserved', async () => {
    const first = await processes.start('server');
    const ann = await first.user();
    const bytes = makeBytes(3_000_000, 5);
    const { url } = await createUpload(first.as(ann), bytes.length);
    const cut = beginPatch(ann, url, { offset: 0, length: bytes.length });
    cut.write(bytes.subarray(0, 1_234_567));
    await until(
      () => head(ann, url),
      ({ headers }) => headers['upload-offset'] === '1234567',
    );
    first.kill('SIGKILL');
    await first.ended;
    const second = await processes.start('server');
    const elsewhere = url.replace(first.url, second.url);
    expect((await head(ann, elsewhere)).headers['upload-offset']).toBe('1234567');
    const { storage } = await second.as(ann).ask('{ storage { usedBytes uploadingBytes files } }');
    expect(storage).toEqual({ usedBytes: bytes.length, uploadingBytes: bytes.length, files: 0 });
    expect((await patch(ann, elsewhere, { offset: 1_234_567, body: bytes.subarray(1_234_567) })).status).toBe(204);
    expect(listStored(dataDir()).map((file) => file.sha256)).toContain(sha256(bytes));
  });

  it('of 500 MB in one request takes less than 100 MB of memory', async () => {
    const parley = await processes.start('server');
    const ann = await parley.user();
    const part = makeBytes(1_000_000, 11);
    const size = 500_000_000;
    const { url } = await createUpload(ann, size);
    const before = residentBytes(parley);
    let most = before;
    const sent = beginPatch(ann, url, { offset: 0, length: size });
    const answered = once(sent, 'response');
    const hash = createHash('sha256');
    for (let offset = 0; offset < size; offset += part.length) {
      hash.update(part);
      if (!sent.write(part)) await once(sent, 'drain');
      if (offset % 20_000_000 === 0) most = Math.max(most, residentBytes(parley));
    }
    sent.end();
    expect((await answered)[0].statusCode).toBe(204);
    most = Math.max(most, residentBytes(parley));
    expect((most - before) / 1e6).toBeLessThan(100);
    const { path } = listStoredSizes().find(({ sizeBytes }) => sizeBytes === size) as { path: string };
    const stored = createHash('sha256');
    await pipeline(createReadStream(path), stored);
    expect(stored.digest('hex')).toBe(hash.digest('hex'));
  });
});

const listStoredSizes = () => {
  const names = execFileSync('find', [join(dataDir(), 'files', 'media'), '-type', 'f'])
    .toString()
    .trim()
    .split('\n');
  return names.map((path) => ({ path, sizeBytes: statSync(path).size }));
};

it('a request that brings nothing for its limit is ended, and one that brings something now and then is not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  cleanup.defer(() => vi.useRealTimers());
  let come = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    try {
      for await (const _bytes of streamUntilSilent(request, 300)) come.resolve();
      response.end('whole');
    } catch (error) {
      response.writeHead((error as { status: number }).status).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.defer(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const sent = beginPatch({ key: '' }, url, { offset: 0, length: 100 });
  const answered = once(sent, 'response');
  for (let parts = 0; parts < 12; parts += 1) {
    sent.write('x');
    await come.promise;
    come = Promise.withResolvers();
    await vi.advanceTimersByTimeAsync(250);
  }
  await vi.advanceTimersByTimeAsync(50);
  expect((await answered)[0].statusCode).toBe(408);
  sent.destroy();
});

describeWith('mount', 'an upload to a disk that is full', () => {
  it('keeps what there is room for, and goes on when there is more', async () => {
    const directory = createDirectory(cleanup);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', directory]);
    const parley = await processes.start('server', { DATA_DIR: directory });
    cleanup.defer(() => execFileSync('umount', ['-l', directory]));
    const ann = await parley.user();
    const bytes = makeBytes(4_000_000, 13);
    const { url } = await createUpload(ann, bytes.length);
    const full = await patch(ann, url, { offset: 0, body: bytes });
    expect(full.status).toBe(507);
    const offset = Number(full.headers['upload-offset']);
    expect(offset).toBeGreaterThan(2_000_000);
    expect((await head(ann, url)).headers['upload-offset']).toBe(String(offset));
    expect((await ann.ask('{ viewer { username } }')).viewer.username).toBe(ann.username);
    execFileSync('mount', ['-o', 'remount,size=8m', directory]);
    expect((await patch(ann, url, { offset, body: bytes.subarray(offset) })).status).toBe(204);
    expect(listStored(directory).map((file) => file.sha256)).toEqual([sha256(bytes)]);
  });
});
