import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as tus from 'tus-js-client';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { bearer } from '../support/http.ts';
import { makeSound } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { startS3rver } from '../support/s3rver.ts';
import { sql } from '../support/sql.ts';
import { startTranscriber, verboseJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, EpisodeState, head, makeBytes, patch, sha256 } from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const State = `query ($id: ID!) { episode(id: $id) {
  status mediaUrl waveformUrl error { code } job { status } clips(first: 1) { edges { node { id } } }
} }`;
const Render = 'mutation ($input: RenderClipInput!) { renderClip(input: $input) { job { id } } }';
const ClipState = 'query ($id: ID!) { clip(id: $id) { status mediaUrl waveformUrl } }';
const Archive = 'mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { archived mediaUrl } } }';
const Delete = 'mutation ($id: ID!) { deleteEpisode(input: { episodeId: $id }) { deletedId } }';

const WORDS = 'we found seven letters in the attic and nobody knows who has written them to us . yes';
const PART = 8 * 2 ** 20;
/** Milliseconds for a piece of up to 64 KB, so that there is a middle of what is sent. */
const SLOW_MS = 5;

const [s3, transcriber] = [await startS3rver(), await startTranscriber()];
const processes = useProcesses({ env: { ...s3.env, ...transcriber.env, JOB_LEASE_MS: '10000' } });
beforeEach(() => s3.proxy.slow(0));

const offsetOf = async (...target: Parameters<typeof head>) => Number((await head(...target)).headers['upload-offset']);
const stored = () => s3.objects().map((object) => object.sha256);
const untilArriving = () =>
  until(
    async () => s3.arrivingBytes(),
    (size) => size > 100_000,
  );

/** The store dies, is away until something is seen, and comes back with what it had. */
async function dieUntil(seen: () => Promise<unknown>): Promise<void> {
  await s3.kill();
  await seen();
  s3.proxy.slow(0);
  await s3.start();
}

describe('an upload whose store dies', () => {
  const bytes = makeBytes(2 * PART + 3_000_000, 23);

  /** Sends the file as tus-js-client does, which tries again as long as it takes. */
  const send = (owner: Client, url: string) =>
    new Promise<void>((resolve, reject) => {
      new tus.Upload(bytes, {
        uploadUrl: url,
        headers: bearer(owner.key),
        retryDelays: Array.from({ length: 600 }, () => 100),
        onSuccess: () => resolve(),
        onError: reject,
      }).start();
    });

  it('in the middle of a rest and of a part goes on from what was told, and arrives as it was sent', async () => {
    const parley = await processes.start('server');
    const ann = await parley.user();
    const { url, episodeId } = await createUpload(ann, bytes.length);
    const refused = (offset: number) => () =>
      until(
        () => patch(ann, url, { offset, body: bytes.subarray(offset, offset + 10) }),
        ({ status }) => status === 503,
      );
    s3.proxy.slow(SLOW_MS);
    const lost = patch(ann, url, { offset: 0, body: bytes.subarray(0, 3_000_000) });
    await untilArriving();
    await dieUntil(async () => expect((await lost).status).toBe(503));
    expect(await offsetOf(ann, url)).toBe(0);

    const told = PART + 1_000_000;
    expect((await patch(ann, url, { offset: 0, body: bytes.subarray(0, told) })).status).toBe(204);
    s3.proxy.slow(SLOW_MS);
    const sent = send(ann, url);
    await untilArriving();
    await dieUntil(refused(told));
    expect(await offsetOf(ann, url)).toBeGreaterThanOrEqual(told);
    await sent;
    const { episode } = await ann.ask(EpisodeState, { id: episodeId });
    expect(episode).toMatchObject({ status: 'UPLOADED', receivedBytes: bytes.length });
    expect([stored(), s3.uploads()]).toEqual([[sha256(bytes)], []]);
    await ann.ask('mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { id } } }', { id: episode.job.id });
    await ann.ask(Delete, { id: episodeId });
    expect(s3.objects()).toEqual([]);
  }, 120_000);

  it('is aborted with its parts and rests when its episode is deleted', async () => {
    const ann = await (await processes.start('server')).user();
    const { url, episodeId } = await createUpload(ann, bytes.length);
    await patch(ann, url, { offset: 0, body: bytes.subarray(0, PART + 77) });
    expect([s3.objects().length, s3.uploads().length]).toEqual([1, 1]);
    await ann.ask(Delete, { id: episodeId });
    expect([s3.objects(), s3.uploads()]).toEqual([[], []]);
  }, 60_000);
});

describeWith('ffmpeg', 'a recording whose store dies', () => {
  let recording: Buffer;
  beforeAll(() => {
    const talk = 'aevalsrc=0.3*sin(1885*t)*(lt(t\\,12)+gt(t\\,20)):d=35';
    recording = makeSound(talk, '-ac', '2', '-ar', '96000', '-f', 'wav', '-');
    transcriber.answer(() => ({ body: verboseJson(WORDS) }));
  });

  const fetched = (): number => {
    const scratch = join(processes.database.env.DATA_DIR as string, 'files', 'scratch');
    const names = existsSync(scratch) ? (readdirSync(scratch, { recursive: true }) as string[]) : [];
    return names
      .filter((name) => name.endsWith('.partial'))
      .reduce((sum, name) => sum + (statSync(join(scratch, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  };

  /** The rows of files and the objects are the same, to the byte. */
  const untilTidy = () =>
    until(
      async () => {
        const rows = await sql<{ file: string }>(
          processes.database,
          `SELECT 'media/' || storage_key || ' ' || sha256 AS file FROM media_files`,
        );
        const held = s3.objects().map((object) => `${object.name} ${object.sha256}`);
        return { rows: rows.map(({ file }) => file).sort(), held: held.sort() };
      },
      ({ rows, held }) => JSON.stringify(rows) === JSON.stringify(held) && s3.uploads().length === 0,
    );

  /** Reads a file by its address as a player does: what breaks off is asked for from where it was. */
  async function play(url: string, onBytes: (received: number) => Promise<void>): Promise<Buffer> {
    let received = Buffer.alloc(0);
    for (;;) {
      const { status, body } = await fetch(url, { headers: { range: `bytes=${received.length}-` } });
      if (status !== 206 || !body) continue;
      try {
        for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
          received = Buffer.concat([received, bytes]);
          await onBytes(received.length);
        }
        return received;
      } catch {}
    }
  }

  it('as it is fetched, played and deleted is processed, rendered, played and archived all the same, and leaves nothing', async () => {
    const server = await processes.start('server');
    const ann = await server.user();
    const { episodeId: id, url } = await createUpload(ann, recording.length, 'talk.wav');
    expect((await patch(ann, url, { offset: 0, body: recording })).status).toBe(204);
    s3.proxy.slow(SLOW_MS);
    const worker = await processes.start('worker');
    await until(
      async () => fetched(),
      (size) => size > 100_000,
    );
    await dieUntil(async () => {});
    const ended = await until(
      async () => (await ann.ask(State, { id })).episode,
      ({ status, job }) => status !== 'PROCESSING' && ['FAILED', 'SUCCEEDED', 'CANCELLED'].includes(job.status),
    );
    expect(ended).toMatchObject({ status: 'READY', error: null, job: { status: 'SUCCEEDED' } });
    const [{ node: clip }] = ended.clips.edges;
    await ann.ask(Render, { input: { clipId: clip.id } });
    const rendered = await until(
      async () => (await ann.ask(ClipState, { id: clip.id })).clip,
      ({ status }) => status !== 'RENDERING',
    );
    expect(rendered.status).toBe('READY');
    expect((await untilTidy()).rows.length).toBeGreaterThan(3);

    for (const [address, type] of [
      [ended.mediaUrl, 'audio/wav'],
      [ended.waveformUrl, 'image/png'],
      [rendered.mediaUrl, 'audio/mp4'],
      [rendered.waveformUrl, 'image/png'],
    ]) {
      const served = await fetch(address);
      expect([served.redirected, served.status, served.headers.get('content-type')]).toEqual([true, 200, type]);
      expect(served.headers.get('content-disposition')).toMatch(/^inline; filename=/);
    }
    s3.proxy.slow(SLOW_MS);
    let deaths = 0;
    const played = await play(ended.mediaUrl, async (received) => {
      if (received > 1_000_000 && deaths++ === 0) await dieUntil(async () => {});
    });
    expect([sha256(played), deaths > 0]).toEqual([sha256(recording), true]);

    const { episode } = (await ann.ask(Archive, { id })).archiveEpisode;
    expect(episode).toEqual({ archived: true, mediaUrl: null });
    expect(stored()).toContain(sha256(recording));
    await worker.stop();
    await dieUntil(() => ann.ask(Delete, { id }));
    expect(stored()).toContain(sha256(recording));
    await processes.start('worker');
    await until(
      async () => [...s3.objects(), ...s3.uploads()],
      (left) => left.length === 0,
    );
  }, 120_000);
});
