import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeEpisode } from '../support/fixtures.ts';
import { insertRecording, insertRender } from '../support/media.ts';
import { SubmitFeedback } from '../support/operations.ts';
import type { Parley } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const processes = useProcesses();
let server: Parley;
let ann: Client;
beforeAll(async () => {
  server = await processes.start('server'); // without a worker, so that renders wait
  ann = await server.user();
});

const CREATE = 'mutation ($input: CreateClipInput!) { createClip(input: $input) { clip { id } } }';
const DELETE = 'mutation ($input: DeleteClipInput!) { deleteClip(input: $input) { deletedId } }';
const RENDER = 'mutation ($id: ID!) { renderClip(input: { clipId: $id }) { job { id status } } }';
const JOB = 'query ($id: ID!) { job(id: $id) { status subject { __typename } } }';
const CUT = { startSeconds: 4, endSeconds: 20, title: 'Seven letters', platform: 'X' };
const READ = `query ($id: ID!, $episode: ID!) { clip(id: $id) { id } storage { usedBytes }
  episode(id: $episode) { clips(first: 5) { edges { node { id } } } feedback(includeClips: true) { edges { node { rating } } } } }`;

async function makeClip(): Promise<{ episodeId: string; clipId: string }> {
  const episodeId = await makeEpisode(ann);
  const { createClip } = await ann.ask(CREATE, { input: { ...CUT, episodeId } });
  return { episodeId, clipId: createClip.clip.id };
}

describe('deleteClip', () => {
  it('deletes a clip with its file and its feedback, and cancels its render', async () => {
    const [{ episodeId, clipId }, other] = [await makeClip(), await makeClip()];
    await insertRecording(processes.database, clipId);
    await insertRender(processes.database, clipId, false);
    const [file] = await sql<{ key: string }>(
      processes.database,
      "SELECT storage_key AS key FROM media_files WHERE kind = 'RENDER'",
    );
    const path = join(processes.database.env.DATA_DIR as string, 'files', 'media', file?.key as string);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'sound');
    await ann.ask(SubmitFeedback, { input: { episodeId, clipId, type: 'LIKE', rating: 5 } });
    await ann.ask(SubmitFeedback, { input: { episodeId, type: 'LIKE', rating: 4 } });
    const { job } = (await ann.ask(RENDER, { id: clipId })).renderClip;
    expect(job.status).toBe('QUEUED');

    expect(await ann.ask(DELETE, { input: { clipId } })).toEqual({ deleteClip: { deletedId: clipId } });
    expect(await ann.ask(READ, { id: clipId, episode: episodeId })).toEqual({
      clip: null,
      storage: { usedBytes: 1 }, // the recording
      episode: { clips: { edges: [] }, feedback: { edges: [{ node: { rating: 4 } }] } },
    });
    expect(await ann.ask(JOB, { id: job.id })).toEqual({ job: { status: 'CANCELLED', subject: null } });
    await until(
      async () => existsSync(path),
      (isThere) => !isThere,
    );
    expect((await ann.ask(READ, { id: other.clipId, episode: other.episodeId })).clip).toEqual({ id: other.clipId });
    expect((await ann.send(DELETE, { input: { clipId } })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
  });

  it('is told to those who follow what changes', async () => {
    const { episodeId, clipId } = await makeClip();
    const { viewer } = await ann.ask('{ viewer { changeCursor } }');
    await ann.ask(DELETE, { input: { clipId } });
    const { changes } = await ann.ask(
      'query ($after: String!) { changes(after: $after) { changes { type id deleted } } }',
      { after: viewer.changeCursor },
    );
    expect(changes.changes).toHaveLength(2);
    expect(changes.changes).toEqual(
      expect.arrayContaining([
        { type: 'EPISODE', id: episodeId, deleted: false },
        { type: 'CLIP', id: clipId, deleted: true },
      ]),
    );
  });

  it('is refused while the episode is archived', async () => {
    const { episodeId, clipId } = await makeClip();
    await ann.ask('mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { id } } }', {
      id: episodeId,
    });
    expect((await ann.send(DELETE, { input: { clipId } })).errors).toMatchObject([
      { extensions: { code: 'CONFLICT', status: 'ARCHIVED' } },
    ]);
  });
});
