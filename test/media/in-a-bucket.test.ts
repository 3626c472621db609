import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeSound } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { startS3 } from '../support/s3-server.ts';
import { sql } from '../support/sql.ts';
import { startTranscriber, verboseJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, patch, sha256 } from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const State = `query ($id: ID!) { episode(id: $id) {
  status mediaUrl waveformUrl error { code } job { status attempt error { code message } } clips(first: 1) { edges { node { id } } }
} }`;
const Render = 'mutation ($input: RenderClipInput!) { renderClip(input: $input) { job { id } } }';
const ClipState = 'query ($id: ID!) { clip(id: $id) { status mediaUrl waveformUrl } }';
const Delete = 'mutation ($id: ID!) { deleteEpisode(input: { episodeId: $id }) { deletedId } }';

const WORDS = 'we found seven letters in the attic and nobody knows who has written them to us . yes';

describeWith('ffmpeg', 'a recording in a bucket', async () => {
  const [s3, transcriber] = [await startS3(), await startTranscriber()];
  const processes = useProcesses({ env: { ...s3.env, ...transcriber.env, JOB_LEASE_MS: '10000' } });
  let recording: Buffer;
  beforeAll(() => {
    recording = makeSound('aevalsrc=0.3*sin(1885*t)*(lt(t\\,12)+gt(t\\,20)):d=35', '-f', 'wav', '-');
    transcriber.answer(() => ({ body: verboseJson(WORDS) }));
  });

  async function upload(owner: Client): Promise<string> {
    const { episodeId, url } = await createUpload(owner, recording.length, 'talk.wav');
    expect((await patch(owner, url, { offset: 0, body: recording })).status).toBe(204);
    return episodeId;
  }

  const stateOf = async (owner: Client, id: string) => (await owner.ask(State, { id })).episode;
  const untilEnded = (owner: Client, id: string) =>
    until(
      () => stateOf(owner, id),
      ({ status, job }) => status !== 'PROCESSING' && ['FAILED', 'SUCCEEDED', 'CANCELLED'].includes(job?.status),
    );
  const scratch = () => readdirSync(join(processes.database.env.DATA_DIR as string, 'files', 'scratch'));
  /** A job removes what it had there once it has ended. */
  const untilSwept = () =>
    until(
      async () => scratch(),
      (names) => names.length === 0,
    );
  /** The rows of files and the objects are the same, to the byte. */
  const untilTidy = () =>
    until(
      async () => {
        const rows = await sql<{ name: string; sha256: string }>(
          processes.database,
          `SELECT 'media/' || storage_key AS name, sha256 FROM media_files`,
        );
        const held = [...s3.objects].map(([name, { bytes }]) => `${name} ${sha256(bytes)}`);
        return { rows: rows.map(({ name, sha256: sum }) => `${name} ${sum}`).sort(), held: held.sort() };
      },
      ({ rows, held }) => JSON.stringify(rows) === JSON.stringify(held) && s3.uploads.size === 0,
    );

  it('is processed and rendered though the store fails and the worker is killed as it fetches, and leaves nothing behind', async () => {
    const first = await processes.start();
    const ann = await first.user();
    // The first fetch stands still in the middle until the worker is dead.
    let fetches = 0;
    s3.fail(({ operation, key }) =>
      operation === 'GetObject' && !key.includes('.') && fetches++ === 0 ? { delayMs: 600_000 } : null,
    );
    const id = await upload(ann);
    await until(
      async () => fetches,
      (count) => count === 1,
    );
    expect(scratch()).toHaveLength(1);
    first.kill('SIGKILL');
    await first.ended;
    // Then sounds and pictures cannot be stored, for longer than the client tries by itself.
    let refused = 0;
    s3.fail(({ operation }) => (operation === 'PutObject' && refused++ < 5 ? { status: 503, code: 'SlowDown' } : null));
    const second = await processes.start();
    const owner = second.as(ann);
    const ended = await untilEnded(owner, id);
    expect(ended).toMatchObject({ status: 'READY', error: null, job: { status: 'SUCCEEDED', attempt: 3 } });
    expect(refused).toBeGreaterThan(4);
    expect((await untilTidy()).rows.length).toBeGreaterThan(2);
    await untilSwept();

    const [{ node: clip }] = ended.clips.edges;
    await owner.ask(Render, { input: { clipId: clip.id } });
    const rendered = await until(
      async () => (await owner.ask(ClipState, { id: clip.id })).clip,
      ({ status }) => status !== 'RENDERING',
    );
    expect(rendered.status).toBe('READY');
    await untilTidy();
    await untilSwept();
    for (const [url, type] of [
      [ended.mediaUrl, 'audio/wav'],
      [ended.waveformUrl, 'image/png'],
      [rendered.mediaUrl, 'audio/mp4'],
      [rendered.waveformUrl, 'image/png'],
    ]) {
      const served = await fetch(url);
      expect([served.redirected, served.status, served.headers.get('content-type')]).toEqual([true, 200, type]);
      expect(served.headers.get('content-disposition')).toMatch(/^inline; filename=/);
    }

    await s3.stop();
    await owner.ask(Delete, { id });
    await s3.start();
    expect(s3.objects.size).toBeGreaterThan(0);
    const third = await processes.start('worker');
    await until(
      async () => s3.objects.size,
      (count) => count === 0,
    );
    await third.stop();
  }, 120_000);
});
