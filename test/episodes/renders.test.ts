import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import type { Client } from '../support/client.ts';
import { followToEnd } from '../support/jobs.ts';
import { makeSound, makeWithFfmpeg } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { startTranscriber, verboseJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, EpisodeState, patch } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const Processed = 'query ($id: ID!) { episode(id: $id) { status clips(first: 1) { edges { node { id } } } } }';
const CreateClip = 'mutation ($input: CreateClipInput!) { createClip(input: $input) { clip { id } } }';
const Render = 'mutation ($input: RenderClipInput!) { renderClip(input: $input) { job { id } } }';
const Trim = 'mutation ($input: TrimClipInput!) { trimClip(input: $input) { clip { id } } }';
const SetStatus = 'mutation ($input: SetClipStatusInput!) { setClipStatus(input: $input) { clip { status } } }';
const Retry = 'mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { id } } }';
const Process = 'mutation ($id: ID!) { processEpisode(input: { episodeId: $id }) { job { id } } }';
const Archive = 'mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { id } } }';
const Update = 'mutation ($input: UpdateEpisodeInput!) { updateEpisode(input: $input) { episode { id } } }';
const Read = `query ($id: ID!) {
  clip(id: $id) { status mediaUrl startSeconds endSeconds renderOutOfDate job { id status error { code message } } } }`;

const WORDS = 'we found seven letters in the attic and nobody knows who has written them to us . yes';

describeWith('ffmpeg', 'the file of a clip', async () => {
  const cleanup = useCleanup();
  const directory = createDirectory(cleanup);
  /** Renders fail while there is the one; they, and checks of recordings, wait while there is the other. */
  const [fails, holds] = [join(directory, 'fails'), join(directory, 'holds')];
  const program = join(directory, 'ffmpeg');
  writeFileSync(
    program,
    `#!/bin/sh
case "$*" in *"-c:a aac"*|*"-c:a pcm_s16le"*)
  while [ -e ${holds} ]; do sleep 0.1; done
  [ -e ${fails} ] && exit 1
esac
exec ffmpeg "$@"
`,
    { mode: 0o755 },
  );
  const transcriber = await startTranscriber();
  const app = useParley({ env: { ...transcriber.env, FFMPEG_PATH: program } });
  let ann: Client;
  let episodeId: string;
  let clipId: string;
  let recording: Buffer;
  beforeAll(async () => {
    recording = makeSound('aevalsrc=0.3*sin(1885*t)*(lt(t\\,12)+gt(t\\,20)):d=35', '-f', 'wav', '-');
    transcriber.answer(() => ({ body: verboseJson(WORDS) }));
    ann = await app.user();
    const upload = await createUpload(ann, recording.length, 'talk.wav');
    episodeId = upload.episodeId;
    await patch(ann, upload.url, { offset: 0, body: recording });
    const { episode } = await until(
      () => ann.ask(Processed, { id: episodeId }),
      ({ episode }) => episode.status === 'READY',
    );
    clipId = episode.clips.edges[0].node.id;
  });

  const read = async () => (await ann.ask(Read, { id: clipId })).clip;
  const set = (status: string) => ann.ask(SetStatus, { input: { clipId, status } });
  const beginRender = async (startSeconds: number, endSeconds: number): Promise<string> =>
    (await ann.ask(Render, { input: { clipId, startSeconds, endSeconds } })).renderClip.job.id;
  const render = async (startSeconds: number, endSeconds: number) =>
    followToEnd(ann, await beginRender(startSeconds, endSeconds));

  it.each([
    ['its job is retried', (jobId: string) => ann.ask(Retry, { id: jobId }).then(() => jobId)],
    ['another is begun', () => beginRender(1, 13)],
  ])('leaves its clip approved where its first render fails, and %s', async (_what, goOn) => {
    await sql(app.database, "DELETE FROM media_files WHERE kind = 'RENDER'");
    await set('APPROVED');
    writeFileSync(fails, '');
    const jobId = await beginRender(1, 13.5);
    expect(await followToEnd(ann, jobId)).toMatchObject({ status: 'FAILED' });
    const { job, ...failed } = await read();
    expect(failed).toMatchObject({ status: 'FAILED', mediaUrl: null });
    expect(job).toEqual({
      id: jobId,
      status: 'FAILED',
      error: { code: expect.any(String), message: expect.any(String) },
    });
    rmSync(fails);
    const nextId = await goOn(jobId);
    expect(await followToEnd(ann, nextId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await read()).toMatchObject({ status: 'APPROVED', job: { id: nextId, status: 'SUCCEEDED', error: null } });
  });

  it('is made of the edges that its clip has when the job is retried, and not while its episode is archived', async () => {
    writeFileSync(fails, '');
    const jobId = await beginRender(1, 14);
    expect(await followToEnd(ann, jobId)).toMatchObject({ status: 'FAILED' });
    rmSync(fails);
    await set('SUGGESTED');
    await ann.ask(Trim, { input: { clipId, startSeconds: 2, endSeconds: 14.5 } });
    await ann.ask(Archive, { id: episodeId });
    expect((await ann.send(Retry, { id: jobId })).errors).toMatchObject([
      { extensions: { code: 'CONFLICT', status: 'ARCHIVED' } },
    ]);
    await ann.ask(Update, { input: { episodeId, archived: false } });

    writeFileSync(holds, '');
    await ann.ask(Retry, { id: jobId });
    expect(await read()).toMatchObject({ status: 'RENDERING' });
    expect((await ann.send(Archive, { id: episodeId })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    rmSync(holds);
    const { result } = (await followToEnd(ann, jobId)) as { result: { durationSeconds: number } };
    expect(result.durationSeconds).toBeCloseTo(12.5, 1);
    expect(await read()).toMatchObject({ status: 'READY', startSeconds: 2, endSeconds: 14.5, renderOutOfDate: false });
  });

  it('is made anew without a word about what was decided, and stays where that fails', async () => {
    await set('PUBLISHED');
    expect(await render(3, 16)).toMatchObject({ status: 'SUCCEEDED' });
    const published = await read();
    expect(published).toMatchObject({ status: 'PUBLISHED', startSeconds: 3, renderOutOfDate: false });
    writeFileSync(fails, '');
    expect(await render(4, 17)).toMatchObject({ status: 'FAILED' });
    rmSync(fails);
    const { status, mediaUrl, renderOutOfDate } = await read();
    expect([status, renderOutOfDate]).toEqual(['PUBLISHED', true]);
    expect((await fetch(mediaUrl)).headers.get('content-length')).toBe(
      (await fetch(published.mediaUrl)).headers.get('content-length'),
    );
  });

  /** Cancels a job once its program runs, and returns what it has become and what is left of its attempt. */
  async function cancelAtWork(jobId: string) {
    await until(
      async () => programsAtWork(),
      (programs) => programs.length > 0,
    );
    await ann.ask('mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { id } } }', { id: jobId });
    const { status } = await followToEnd(ann, jobId);
    const left = await until(
      async () => ({
        scratch: readdirSync(join(app.database.env.DATA_DIR as string, 'files', 'scratch')),
        programs: programsAtWork(),
      }),
      ({ scratch, programs }) => scratch.length + programs.length === 0,
    );
    return { status, ...left };
  }

  /** The processes of the program of this test. */
  const programsAtWork = () =>
    readdirSync('/proc').filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${program}\0`);
      } catch {
        return false;
      }
    });

  it('is what it was, and its recording as if it was not checked, where the job is cancelled at work', async () => {
    const nothing = { status: 'CANCELLED', scratch: [], programs: [] };
    const before = await read();
    writeFileSync(holds, '');
    expect(await cancelAtWork(await beginRender(5, 18))).toEqual(nothing);
    expect(await read()).toMatchObject({ status: before.status, mediaUrl: before.mediaUrl, renderOutOfDate: true });

    const upload = await createUpload(ann, recording.length, 'talk.wav');
    await patch(ann, upload.url, { offset: 0, body: recording });
    const jobOf = async () => (await ann.ask(EpisodeState, { id: upload.episodeId })).episode;
    expect(await cancelAtWork((await jobOf()).job.id)).toEqual(nothing);
    expect(await jobOf()).toMatchObject({ status: 'UPLOADED', contentType: null, error: null });
    rmSync(holds);
    await ann.ask(Retry, { id: (await jobOf()).job.id });
    await until(jobOf, ({ status }) => status === 'READY');
  });

  it('can still be made where another job fails to read the recording, which was checked and is kept', async () => {
    const process = async () => followToEnd(ann, (await ann.ask(Process, { id: episodeId })).processEpisode.job.id);
    writeFileSync(fails, '');
    expect(await process()).toMatchObject({ status: 'FAILED', error: { code: 'UNSUPPORTED_MEDIA' } });
    rmSync(fails);
    const { mediaUrl } = (await ann.ask(EpisodeState, { id: episodeId })).episode;
    expect((await fetch(mediaUrl)).headers.get('content-length')).toBe(`${recording.length}`);
    expect(await process()).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is gone with its clip, also where that is deleted while it is made', async () => {
    await sql(app.database, `UPDATE clips SET status = 'READY'`);
    writeFileSync(holds, '');
    const jobId = await beginRender(2, 15);
    await until(
      async () => programsAtWork(),
      (programs) => programs.length > 0,
    );
    await ann.ask('mutation ($id: ID!) { deleteClip(input: { clipId: $id }) { deletedId } }', { id: clipId });
    rmSync(holds);
    expect(await followToEnd(ann, jobId)).toMatchObject({ status: 'CANCELLED' });
    const rows = await sql(
      app.database,
      `SELECT 1 FROM media_files WHERE kind = 'RENDER' UNION SELECT 1 FROM removed_files`,
    );
    expect(rows).toEqual([]);
  });

  it('lacks the words of a transcript that is made meanwhile, and says so', async () => {
    const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
    const transcriptions = transcriber.requests.length;
    transcriber.answer(() => heard.then(() => ({ body: verboseJson(WORDS) })));
    const talk = '0.3*sin(1500*t)*(lt(t\\,12)+gt(t\\,20))';
    const video = makeWithFfmpeg(
      ...['-f', 'lavfi', '-i', `aevalsrc=${talk}:d=35`, '-f', 'lavfi', '-i', 'color=s=64x36:r=20:d=35'],
      ...['-c:a', 'flac', '-f', 'matroska', '-'],
    );
    const upload = await createUpload(ann, video.length, 'talk.mkv');
    await patch(ann, upload.url, { offset: 0, body: video });
    await until(
      async () => transcriber.requests.length,
      (requests) => requests > transcriptions,
    );
    const ids: string[] = await Promise.all(
      [1, 2, 3].map(async (startSeconds) => {
        const edges = { startSeconds, endSeconds: startSeconds + 13 };
        const input = { episodeId: upload.episodeId, ...edges, platform: 'TIKTOK', title: 'Letters' };
        return (await ann.ask(CreateClip, { input })).createClip.clip.id;
      }),
    );
    const [early, plain, late] = ids as [string, string, string];
    const begin = async (clipId: string, burnCaptions: boolean): Promise<string> =>
      (await ann.ask(Render, { input: { clipId, burnCaptions } })).renderClip.job.id;
    for (const jobId of [await begin(early, true), await begin(plain, false)])
      expect(await followToEnd(ann, jobId)).toMatchObject({ status: 'SUCCEEDED' });
    writeFileSync(holds, '');
    const jobId = await begin(late, true);
    await until(
      async () => programsAtWork(),
      (programs) => programs.length > 0,
    );
    hear();
    await until(
      () => ann.ask(Processed, { id: upload.episodeId }),
      ({ episode }) => episode.status === 'READY',
    );
    rmSync(holds);
    expect(await followToEnd(ann, jobId)).toMatchObject({ status: 'SUCCEEDED' });
    const outOfDate = async () =>
      Promise.all(ids.map(async (id) => (await ann.ask(Read, { id })).clip.renderOutOfDate));
    expect(await outOfDate()).toEqual([true, false, true]);
    await followToEnd(ann, await begin(late, true));
    expect(await outOfDate()).toEqual([true, false, false]);
  }, 120_000);
});
