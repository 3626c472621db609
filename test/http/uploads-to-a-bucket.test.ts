import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as tus from 'tus-js-client';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { bearer, httpRequest } from '../support/http.ts';
import type { Parley } from '../support/parley.ts';
import { residentBytes } from '../support/proc.ts';
import { startS3 } from '../support/s3-server.ts';
import { until } from '../support/until.ts';
import { beginPatch, createUpload, EpisodeState, head, makeBytes, patch, sha256, TUS } from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const s3 = await startS3();
const processes = useProcesses({
  env: { ...s3.env, FFMPEG_PATH: '/nowhere/ffmpeg', FFPROBE_PATH: '/nowhere/ffprobe' },
});
const PART = 8 * 2 ** 20;
let parley: Parley;
beforeAll(async () => {
  parley = await processes.start('server');
});

const scratchPath = () => join(processes.database.env.DATA_DIR as string, 'files', 'scratch');
const scratch = () => (existsSync(scratchPath()) ? readdirSync(scratchPath()) : []);
beforeEach(() => {
  s3.fail(() => null);
  rmSync(scratchPath(), { recursive: true, force: true }); // what a killed process has left
});

/** What has arrived of a part is removed once it was told how far it came. */
const untilSwept = () =>
  until(
    async () => scratch(),
    (names) => names.length === 0,
  );
const stored = () => [...s3.objects.values()].map(({ bytes }) => sha256(bytes));
const offsetOf = async (...target: Parameters<typeof head>) => Number((await head(...target)).headers['upload-offset']);

describe('an upload to a bucket', () => {
  it('goes on through kill -9 of its server and a store that fails, and arrives as it was sent', async () => {
    const PORT = String(await freePort());
    const first = await processes.start('server', { PORT });
    const ann = await first.user();
    const bytes = makeBytes(PART + 4_000_000, 3);
    const { url, episodeId } = await createUpload(first.as(ann), bytes.length);
    let second: Promise<Parley> | undefined;
    let failures = 0;
    s3.fail(({ operation }) => (operation === 'PutObject' && ++failures % 3 ? { status: 500 } : null));
    await new Promise<void>((resolve, reject) => {
      const upload = new tus.Upload(bytes, {
        uploadUrl: url,
        headers: bearer(ann.key),
        chunkSize: 3_000_000,
        retryDelays: Array.from({ length: 600 }, () => 100),
        onChunkComplete(_size, sent) {
          if (sent < PART || second) return;
          first.kill('SIGKILL');
          second = processes.start('server', { PORT });
        },
        onSuccess: () => resolve(),
        onError: reject,
      });
      upload.start();
    });
    const server = (await second) as Parley;
    const { episode } = await server.as(ann).ask(EpisodeState, { id: episodeId });
    expect(episode).toMatchObject({ status: 'UPLOADED', receivedBytes: bytes.length, job: { status: 'QUEUED' } });
    expect([failures > 0, stored(), s3.uploads.size]).toEqual([true, [sha256(bytes)], 0]);
    const stats = await fetch(`${server.url}/storage/stats`, { headers: bearer(ann.key) });
    expect(await stats.json()).toMatchObject({ usedBytes: bytes.length, uploadingBytes: 0, files: 1 });

    s3.fail(() => null);
    await server
      .as(ann)
      .ask('mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { id } } }', { id: episode.job.id });
    const half = await createUpload(server.as(ann), bytes.length);
    await patch(ann, half.url, { offset: 0, body: bytes.subarray(0, PART + 77) });
    expect([s3.uploads.size, s3.objects.size]).toEqual([1, 2]);
    for (const id of [episodeId, half.episodeId])
      await server
        .as(ann)
        .ask('mutation ($id: ID!) { deleteEpisode(input: { episodeId: $id }) { deletedId } }', { id });
    expect([s3.objects.size, s3.uploads.size]).toEqual([0, 0]);
  }, 120_000);

  it('counts what is stored of a part that breaks off, and says that the store is away', async () => {
    const ann = await parley.user();
    const bytes = makeBytes(3_000_000, 5);
    const { url, episodeId } = await createUpload(ann, bytes.length);
    const cut = beginPatch(ann, url, { offset: 0, length: bytes.length });
    await new Promise((resolve) => cut.write(bytes.subarray(0, 1_234_567), resolve));
    await until(
      async () => scratch().length,
      (count) => count > 0,
    );
    cut.destroy();
    const offset = await until(
      () => offsetOf(ann, url),
      (stored) => stored > 0,
    );
    expect(offset).toBeLessThanOrEqual(1_234_567);
    const checksum = (body: Uint8Array) => ({
      'upload-checksum': `sha256 ${createHash('sha256').update(body).digest('base64')}`,
    });
    const rest = bytes.subarray(offset);
    const wrong = await patch(ann, url, { offset, body: rest, headers: checksum(bytes) });
    expect([wrong.status, await offsetOf(ann, url)]).toEqual([460, offset]);
    await s3.stop();
    const away = await patch(ann, url, { offset, body: rest, headers: checksum(rest) });
    expect([away.status, away.json.errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
    expect((await ann.ask(EpisodeState, { id: episodeId })).episode).toMatchObject({ status: 'UPLOADING' });
    const { health } = await until(
      () => ann.ask('{ health { warnings } }'),
      ({ health }) => health.warnings.some((warning: string) => warning.startsWith('storage:')),
    );
    expect(health.warnings.join()).toContain('check S3_ENDPOINT');
    await s3.start();
    expect((await patch(ann, url, { offset, body: rest, headers: checksum(rest) })).status).toBe(204);
    expect(stored()).toContain(sha256(bytes));
    await untilSwept();
  }, 60_000);

  it('that is slow, and one of twenty of a user at once, holds up nobody else, and counts when its client leaves', async () => {
    const [ann, ben] = [await parley.user(), await parley.user()];
    const statuses: number[] = [];
    const piece = makeBytes(100_000, 17);
    const slow = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { url } = await createUpload(ann, 2 * PART);
        const sent = beginPatch(ann, url, { offset: 0, length: 2 * PART });
        sent.on('response', ({ statusCode = 0 }) => statuses.push(statusCode));
        sent.write(piece);
        return { url, sent };
      }),
    );
    await until(
      async () => [statuses.length, scratch().length],
      ([refused, begun]) => refused === 4 && begun === 16,
    );
    expect(statuses).toEqual(Array(4).fill(429));
    const body = makeBytes(PART + 1_000, 19);
    const { url } = await createUpload(ben, body.length);
    expect((await patch(ben, url, { offset: 0, body })).status).toBe(204);
    expect(stored()).toContain(sha256(body));
    for (const { sent } of slow) sent.destroy();
    const offsets = await until(
      () => Promise.all(slow.map((upload) => offsetOf(ann, upload.url))),
      (all) => all.filter((offset) => offset === piece.length).length === 16,
    );
    expect(offsets.filter((offset) => offset === 0)).toHaveLength(4);
    await untilSwept();
    for (const upload of slow)
      await httpRequest(upload.url, { method: 'DELETE', headers: { ...bearer(ann.key), ...TUS } });
    expect(s3.uploads.size).toBe(0);
  }, 60_000);

  it('whose store is away when its server starts begins when it is back', async () => {
    await s3.stop();
    const parley = await processes.start('server');
    const ann = await parley.user();
    const body = makeBytes(1_000, 9);
    const { url } = await createUpload(ann, body.length);
    expect((await patch(ann, url, { offset: 0, body })).status).toBe(503);
    await s3.start();
    expect((await patch(ann, url, { offset: 0, body })).status).toBe(204);
    expect(stored()).toContain(sha256(body));
  }, 60_000);

  it('of 120 MB in one request takes less than 100 MB of memory', async () => {
    const parley = await processes.start('server');
    const ann = await parley.user();
    const part = makeBytes(1_000_000, 11);
    const size = 120_000_000;
    const { url } = await createUpload(ann, size);
    const before = residentBytes(parley.process);
    let most = before;
    const sent = beginPatch(ann, url, { offset: 0, length: size });
    const answered = once(sent, 'response');
    const hash = createHash('sha256');
    for (let offset = 0; offset < size; offset += part.length) {
      hash.update(part);
      if (!sent.write(part)) await once(sent, 'drain');
      if (offset % 5_000_000 === 0) most = Math.max(most, residentBytes(parley.process));
    }
    sent.end();
    expect((await answered)[0].statusCode).toBe(204);
    most = Math.max(most, residentBytes(parley.process));
    expect((most - before) / 1e6).toBeLessThan(100);
    expect(stored()).toContain(hash.digest('hex'));
  }, 60_000);
});

describe('a file in a bucket', () => {
  it('is served by the store itself, for a while, as what it is and under its name', async () => {
    const ann = await parley.user();
    const bytes = makeBytes(10_000, 13);
    const name = 'שיחה "ראשונה".mp3';
    const { url, episodeId } = await createUpload(ann, bytes.length, name);
    await patch(ann, url, { offset: 0, body: bytes });
    const { mediaUrl } = (await ann.ask(EpisodeState, { id: episodeId })).episode;
    const redirect = await httpRequest(mediaUrl);
    expect(redirect.status).toBe(302);
    const location = String(redirect.headers.location);
    expect(redirect.headers['cache-control']).toBe('private, max-age=1800');
    expect(new URL(location).searchParams.get('X-Amz-Expires')).toBe('3600');
    const served = await fetch(location);
    expect(sha256(new Uint8Array(await served.arrayBuffer()))).toBe(sha256(bytes));
    expect(served.headers.get('content-type')).toBe('application/octet-stream');
    expect(served.headers.get('content-disposition')).toBe(
      (await httpRequest(mediaUrl, { method: 'HEAD' })).headers['content-disposition'],
    );
    const part = await fetch(mediaUrl, { headers: { range: 'bytes=5-9' } });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, bytes.subarray(5, 10)]);
    for (const change of [/X-Amz-Expires=3600/, /response-content-type=application/, /X-Amz-Signature=../])
      expect((await fetch(location.replace(change, (found) => `${found}0`))).status).toBe(403);
    expect((await httpRequest(mediaUrl.replace(/signature=./, 'signature=_'))).status).toBe(403);
    const etag = String((await httpRequest(mediaUrl, { method: 'HEAD' })).headers.etag);
    expect((await httpRequest(mediaUrl, { headers: { 'if-none-match': etag } })).status).toBe(304);
  }, 60_000);
});
