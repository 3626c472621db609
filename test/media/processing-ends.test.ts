import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeSound } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { startTranscriber, verboseJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, listStored, patch } from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const State = `query ($id: ID!) { episode(id: $id) {
  status error { code } job { id status attempt stage error { code } } clips(first: 1) { edges { node { id status } } }
} }`;
const Cancel = 'mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { status } } }';
const Render = 'mutation ($input: RenderClipInput!) { renderClip(input: $input) { job { id } } }';
const ClipState = 'query ($id: ID!) { clip(id: $id) { status mediaUrl episode { job { id } } } }';

const WORDS = 'we found seven letters in the attic and nobody knows who has written them to us . yes';

describeWith('ffmpeg', 'the end of the processing of a recording', async () => {
  const transcriber = await startTranscriber();
  const processes = useProcesses({ env: { ...transcriber.env, MAX_STORAGE_GB: '0.004', JOB_LEASE_MS: '10000' } });
  let recording: Buffer;
  beforeAll(() => {
    // Twelve seconds of a voice, eight of silence, and fifteen of a voice: two pieces.
    recording = makeSound('aevalsrc=0.3*sin(1885*t)*(lt(t\\,12)+gt(t\\,20)):d=35', '-f', 'wav', '-');
  });

  async function upload(owner: Client): Promise<string> {
    const { episodeId, url } = await createUpload(owner, recording.length, 'talk.wav');
    await patch(owner, url, { offset: 0, body: recording });
    return episodeId;
  }

  const stateOf = async (owner: Client, id: string) => (await owner.ask(State, { id })).episode;
  const untilEnded = (owner: Client, id: string) =>
    until(
      () => stateOf(owner, id),
      ({ status, job }) => status !== 'PROCESSING' && ['FAILED', 'SUCCEEDED', 'CANCELLED'].includes(job?.status),
    );

  /** What is left: kinds of rows, rows of pieces, notes of files to remove, files in the store, directories of attempts. */
  async function leftovers() {
    const [counts] = await sql<{ kinds: string[]; files: number; pieces: number; removed: number }>(
      processes.database,
      `SELECT (SELECT array_agg(DISTINCT kind::text ORDER BY kind::text) FROM media_files) AS kinds,
        (SELECT count(*)::int FROM media_files) AS files, (SELECT count(*)::int FROM heard_pieces) AS pieces,
        (SELECT count(*)::int FROM removed_files) AS removed`,
    );
    const dataDir = processes.database.env.DATA_DIR as string;
    return {
      ...(counts as NonNullable<typeof counts>),
      stored: listStored(dataDir).length,
      scratch: readdirSync(join(dataDir, 'files', 'scratch')),
    };
  }

  /** A job removes its directory once it has ended. */
  const isSwept = ({ scratch, removed }: Awaited<ReturnType<typeof leftovers>>) => scratch.length + removed === 0;
  const untilTidy = (files: number) =>
    until(leftovers, (left) => left.files === files && left.stored === files && isSwept(left));

  it('leaves nothing behind but what was heard, for a retry, whether it fails, is cancelled, or its process is killed in the middle', async () => {
    const first = await processes.start();
    const ann = await first.user();
    transcriber.answer(({ seconds }) =>
      seconds < 13 ? { body: verboseJson(WORDS) } : { status: 401, body: { error: { message: 'wrong key' } } },
    );
    const failing = await upload(ann);
    expect(await untilEnded(ann, failing)).toMatchObject({ status: 'FAILED', error: { code: 'UNAVAILABLE' } });
    expect(await untilTidy(3)).toMatchObject({ kinds: ['ORIGINAL', 'WAVEFORM'], pieces: 1, scratch: [] });
    await sql(processes.database, 'DELETE FROM heard_pieces');

    const ben = await first.user();
    transcriber.answer(({ seconds }) => (seconds < 13 ? { body: verboseJson(WORDS) } : 'silence'));
    const cancelled = await upload(ben);
    const atWork = () => sql(processes.database, 'SELECT 1 FROM heard_pieces');
    await until(atWork, (rows) => rows.length === 1);
    await ben.ask(Cancel, { id: (await stateOf(ben, cancelled)).job.id });
    expect(await untilEnded(ben, cancelled)).toMatchObject({ status: 'UPLOADED', job: { status: 'CANCELLED' } });
    expect(await untilTidy(6)).toMatchObject({ kinds: ['ORIGINAL', 'WAVEFORM'], pieces: 0, scratch: [] });

    const cem = await first.user();
    const killed = await upload(cem);
    await until(atWork, (rows) => rows.length === 1);
    first.kill('SIGKILL');
    await first.ended;
    transcriber.requests.length = 0;
    transcriber.answer(() => ({ body: verboseJson(WORDS) }));
    const second = await processes.start();
    expect(await untilEnded(second.as(cem), killed)).toMatchObject({
      status: 'READY',
      error: null,
      job: { attempt: 2 },
    });
    expect(transcriber.requests.map(({ seconds }) => Math.round(seconds))).toEqual([15]);
    const left = await until(leftovers, (all) => all.files === all.stored && isSwept(all));
    expect(left).toMatchObject({ kinds: ['ORIGINAL', 'WAVEFORM'], pieces: 0, scratch: [] });

    const room = async () => {
      const { storage } = await second.as(cem).ask('{ storage { usedBytes quotaBytes } }');
      return storage.quotaBytes - storage.usedBytes;
    };
    const [{ node: clip }] = (await stateOf(second.as(cem), killed)).clips.edges;
    await createUpload(second.as(cem), (await room()) - 150_000, 'next.wav');
    await second.as(cem).ask(Render, { input: { clipId: clip.id } });
    const { clip: refused } = await until(
      () => second.as(cem).ask(ClipState, { id: clip.id }),
      ({ clip }) => clip.status !== 'RENDERING',
    );
    expect(refused).toMatchObject({ status: 'FAILED', mediaUrl: null });
    const [job] = await sql(processes.database, "SELECT error_code AS code FROM jobs WHERE kind = 'RENDER_CLIP'");
    expect(job).toEqual({ code: 'QUOTA_EXCEEDED' });
    await createUpload(second.as(cem), (await room()) - 1, 'last.wav');
    const { errors } = await second.as(cem).send(Render, { input: { clipId: clip.id } });
    expect(errors).toMatchObject([{ extensions: { code: 'QUOTA_EXCEEDED' } }]);
  }, 90_000);

  it('whose program somebody ends in the middle is tried again, and its recording kept', async () => {
    const dataDir = processes.database.env.DATA_DIR as string;
    const program = join(dataDir, 'ffmpeg');
    const first = join(dataDir, 'has-run');
    const script = `#!/bin/sh\n[ -e ${first} ] && exec ffmpeg "$@"\ntouch ${first}\nkill -TERM $$\n`;
    writeFileSync(program, script, { mode: 0o755 });
    transcriber.answer(() => ({ body: verboseJson(WORDS) }));
    const parley = await processes.start(undefined, { FFMPEG_PATH: program, MAX_STORAGE_GB: '1' });
    const dana = await parley.user();
    const episode = await upload(dana);
    expect(await untilEnded(dana, episode)).toMatchObject({ status: 'READY', error: null, job: { attempt: 2 } });
  }, 90_000);
});
