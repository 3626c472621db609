import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import type { Client } from '../support/client.ts';
import { makeSound } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createUpload, EpisodeState, listStored, makeBytes, patch } from '../support/uploads.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

async function send(owner: Client, content: Buffer, name = 'talk.mp3'): Promise<string> {
  const { episodeId, url } = await createUpload(owner, content.length, name);
  expect((await patch(owner, url, { offset: 0, body: content })).status).toBe(204);
  return episodeId;
}

const stateOf = async (owner: Client, id: string) => (await owner.ask(EpisodeState, { id })).episode;
const untilEnded = (owner: Client, id: string) =>
  until(
    () => stateOf(owner, id),
    ({ status, job }) => status !== 'PROCESSING' && ['FAILED', 'SUCCEEDED', 'CANCELLED'].includes(job?.status),
  );

describeWith('ffmpeg', 'the recording of an episode', () => {
  const app = useParley();
  const cleanup = useCleanup();

  function makeMp3(): Buffer {
    const path = join(createDirectory(cleanup), 'talk.mp3');
    makeSound('sine=d=9', path);
    return readFileSync(path);
  }

  it('is checked by itself when it has arrived, and what it is comes from what it holds', async () => {
    const ann = await app.user();
    const id = await send(ann, makeMp3(), 'holiday.exe');
    const episode = await untilEnded(ann, id);
    expect(episode).toMatchObject({ contentType: 'audio/mpeg', status: 'FAILED', error: { code: 'UNAVAILABLE' } });
    expect(episode.error.message).toContain('TRANSCRIBER_BASE_URL');
    expect(episode.durationSeconds).toBeCloseTo(9, 0);
    const served = await fetch(episode.mediaUrl);
    expect([served.status, served.headers.get('content-type')]).toEqual([200, 'audio/mpeg']);
    expect(served.headers.get('content-disposition')).toBe('inline; filename=holiday.exe');
    const { storage } = await ann.ask('{ storage { files usedBytes } }');
    expect(storage).toEqual({ files: 1, usedBytes: episode.sizeBytes });
  });

  it('that is damaged is used, and says where', async () => {
    const path = join(createDirectory(cleanup), 'talk.m4a');
    makeSound('anoisesrc=d=10', '-movflags', '+faststart', path);
    const damaged = readFileSync(path);
    for (let at = 40_000; at < 44_000; at += 50) damaged[at] = (damaged[at] as number) ^ 0xff;
    const ann = await app.user();
    const id = await send(ann, damaged, 'talk.m4a');
    expect((await untilEnded(ann, id)).durationSeconds).toBeCloseTo(10, 0);
    const { episode } = await ann.ask('query ($id: ID!) { episode(id: $id) { recordingWarnings } }', { id });
    expect(episode.recordingWarnings).toEqual([expect.stringMatching(/^In \d+ places? the sound cannot be decoded/)]);
    const whole = await send(ann, makeMp3());
    await untilEnded(ann, whole);
    expect(await ann.ask('query ($id: ID!) { episode(id: $id) { recordingWarnings } }', { id: whole })).toEqual({
      episode: { recordingWarnings: [] },
    });
  });

  it('that is none is refused in words, and not kept', async () => {
    const ann = await app.user();
    const id = await send(ann, makeBytes(50_000));
    const episode = await untilEnded(ann, id);
    expect(episode).toMatchObject({ status: 'FAILED', error: { code: 'UNSUPPORTED_MEDIA' }, mediaUrl: null });
    expect(episode.error.message).toMatch(/\.$/);
    expect((await ann.ask('{ storage { files usedBytes } }')).storage).toEqual({ files: 0, usedBytes: 0 });
  });
});

describe('a recording on a server without ffmpeg', () => {
  const app = useParley({ env: { FFMPEG_PATH: '/nowhere/ffmpeg', FFPROBE_PATH: '/nowhere/ffprobe' } });

  it('stays, and its job says once what to install', async () => {
    const ann = await app.user();
    const id = await send(ann, makeBytes(1_000));
    const episode = await untilEnded(ann, id);
    expect(episode).toMatchObject({ status: 'FAILED', error: { code: 'UNAVAILABLE' } });
    expect(episode.error.message).toContain('apt-get install ffmpeg');
    expect((await fetch(episode.mediaUrl)).status).toBe(200);
  });
});

describe('a recording whose job has not begun', () => {
  const processes = useProcesses({ env: { FFMPEG_PATH: '/nowhere/ffmpeg', FFPROBE_PATH: '/nowhere/ffprobe' } });
  const ProcessEpisode =
    'mutation ($i: ProcessEpisodeInput!) { processEpisode(input: $i) { job { id } episode { status } } }';

  it('is processed as its owner says, once; and one that was complete when its server was killed, by itself', async () => {
    const first = await processes.start('server');
    const ann = await first.user();
    const bytes = makeBytes(5_000);
    const asked = await createUpload(ann, bytes.length);
    const request = { episodeId: asked.episodeId, platforms: ['LINKEDIN'], maxClips: 1, genre: 'COMEDY' };
    expect((await ann.send(ProcessEpisode, { i: request })).errors?.[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
    });
    await patch(ann, asked.url, { offset: 0, body: bytes });
    const { job } = await stateOf(ann, asked.episodeId);
    expect(job).toMatchObject({ kind: 'PROCESS_EPISODE', status: 'QUEUED' });
    expect((await ann.ask(ProcessEpisode, { i: request })).processEpisode.job.id).toBe(job.id);
    expect((await ann.send(ProcessEpisode, { i: request })).errors?.[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
    });
    expect(await sql(processes.database, "SELECT payload FROM jobs WHERE kind = 'PROCESS_EPISODE'")).toMatchObject([
      { payload: { platforms: ['LINKEDIN'], maxClips: 1, genre: 'COMEDY' } },
    ]);

    const uploads = [await createUpload(ann, bytes.length), await createUpload(ann, bytes.length)];
    for (const { url } of uploads) await patch(ann, url, { offset: 0, body: bytes.subarray(0, 4_999) });
    first.kill('SIGKILL');
    await first.ended;
    const half = listStored(processes.database.env.DATA_DIR as string).filter(({ sizeBytes }) => sizeBytes === 4_999);
    for (const { path } of half) appendFileSync(path, bytes.subarray(4_999));
    const second = await processes.start();
    for (const { episodeId } of [asked, ...uploads]) {
      const episode = await untilEnded(second.as(ann), episodeId);
      expect(episode).toMatchObject({ receivedBytes: 5_000, error: { code: 'UNAVAILABLE' } });
    }
    expect(await sql(processes.database, 'SELECT DISTINCT state::text FROM media_files')).toEqual([
      { state: 'STORED' },
    ]);
  });
});
