import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeEpisode, makeVtt, processToEnd } from '../support/fixtures.ts';
import { EpisodeWithClips, SubmitFeedback } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let ann: Client & { id: string };
beforeAll(async () => {
  ann = await app.user();
});

const CLIP = `id title startSeconds endSeconds platform genre status score features createdByUser trimmedAt
  featureScores { hook completeness lengthFit } captions(format: TEXT)`;
const CREATE = `mutation ($input: CreateClipInput!) { createClip(input: $input) { clip { ${CLIP} } clipEdge { node { id } } } }`;
const READ = `query ($id: ID!) { clip(id: $id) { ${CLIP} ratingCount } }`;
const IMPORT = 'mutation ($input: ImportTranscriptInput!) { importTranscript(input: $input) { segments } }';
const UPDATE = 'mutation ($input: UpdateSegmentInput!) { updateSegment(input: $input) { segment { id } } }';
const CUT = { startSeconds: 4.0004, endSeconds: 20, title: 'שבע אותיות', platform: 'X' };

const create = async (input: object) => (await ann.ask(CREATE, { input: { ...CUT, ...input } })).createClip.clip;
const read = async (id: string) => (await ann.ask(READ, { id })).clip;
const clipsOf = async (id: string) =>
  (await ann.ask(EpisodeWithClips, { id })).episode?.clips.edges.map(({ node }) => node) ?? [];
const rowId = (id: string) => Buffer.from(id, 'base64url').toString().split(':')[1];
const codeOf = ({ errors }: any) => errors?.[0]?.extensions.code;

/** Makes an episode of two minutes that has a recording that was checked, or waits for its check, and no transcript. */
async function makeRecording(details: object | null): Promise<string> {
  const id = await makeEpisode(ann);
  await sql(app.database, 'DELETE FROM transcripts WHERE episode_id = $1', [rowId(id)]);
  await sql(
    app.database,
    `INSERT INTO media_files (id, owner_id, episode_id, kind, state, storage_key, content_type, size_bytes, sha256, details)
     SELECT gen_random_uuid(), owner_id, id, 'ORIGINAL', 'STORED', 'aa/' || gen_random_uuid(), 'audio/mpeg', 1, '00', $2
     FROM episodes WHERE id = $1`,
    [rowId(id), details && JSON.stringify(details)],
  );
  return id;
}

const CHECKED = {
  demuxer: 'mp3',
  durationSeconds: 120,
  audio: { index: 0, codec: 'mp3', channels: 1 },
  video: null,
  warnings: [],
};

describe('createClip', () => {
  it('makes a clip of the passage that it is given', async () => {
    const episodeId = await makeEpisode(ann);
    const { createClip } = await ann.ask(CREATE, { input: { ...CUT, episodeId, genre: 'COMEDY' } });
    expect(createClip.clip).toMatchObject({
      ...{ ...CUT, startSeconds: 4, genre: 'COMEDY', status: 'SUGGESTED', createdByUser: true, trimmedAt: null },
      captions: expect.stringContaining('seven letters'),
    });
    expect(createClip.clipEdge.node.id).toBe(createClip.clip.id);
    expect(createClip.clip.score).toBeGreaterThan(0);
    expect((await clipsOf(episodeId)).map(({ id }) => id)).toEqual([createClip.clip.id]);
  });

  it('scores it as a clip that was found there', async () => {
    const episodeId = await makeEpisode(ann, 60);
    await processToEnd(ann, episodeId);
    const found = (await clipsOf(episodeId)).slice(0, 5);
    expect(found.length).toBe(5);
    for (const { startSeconds, endSeconds, platform, genre, score, features } of found)
      expect(await create({ episodeId, startSeconds, endSeconds, platform, genre })).toMatchObject({ score, features });
  });

  it.each([
    ['before the episode', { startSeconds: -1 }, 'input.startSeconds', 'begins at 0 s'],
    ['after the episode', { startSeconds: 90, endSeconds: 121 }, 'input.endSeconds', 'ends at 120 s'],
    ['too short', { startSeconds: 0, endSeconds: 11.999 }, 'input.endSeconds', '12 to 60 s'],
    ['too long', { startSeconds: 0, endSeconds: 60.001 }, 'input.endSeconds', '12 to 60 s'],
    ['backwards', { startSeconds: 40 }, 'input.endSeconds', '12 to 60 s'],
    ['huge', { endSeconds: 1e308 }, 'input.endSeconds', 'ends at 120 s'],
    ['without a title', { title: '' }, 'input.title', '1 to 200'],
    ['with too long a title', { title: 'x'.repeat(201) }, 'input.title', '1 to 200'],
    ['with NUL in its title', { title: 'a\0b' }, 'input.title', 'NUL'],
  ])('refuses what is %s', async (_what, input, field, words) => {
    const episodeId = await makeEpisode(ann);
    const { errors } = await ann.send(CREATE, { input: { ...CUT, episodeId, ...input } });
    expect(errors).toMatchObject([
      { message: expect.stringContaining(words), extensions: { code: 'BAD_USER_INPUT', field } },
    ]);
  });

  it('makes one that is kept, and not suggested again, when its episode is processed or transcribed anew', async () => {
    const episodeId = await makeEpisode(ann, 60);
    await processToEnd(ann, episodeId);
    const found = (await clipsOf(episodeId))[0] as { startSeconds: number; endSeconds: number; platform: string };
    const { startSeconds, endSeconds, platform } = found;
    const [same, other] = [
      await create({ episodeId, startSeconds, endSeconds, platform }),
      await create({ episodeId, startSeconds: 100.5, endSeconds: 130, title: 'Mine' }),
    ];
    await processToEnd(ann, episodeId);
    const now = await clipsOf(episodeId);
    expect(now.map(({ id }) => id)).toEqual(expect.arrayContaining([same.id, other.id]));
    const twins = now.filter((clip) => clip.startSeconds === startSeconds && clip.endSeconds === endSeconds);
    expect(twins.filter((clip) => clip.platform === platform).map(({ id }) => id)).toEqual([same.id]);
    await ann.ask(IMPORT, { input: { episodeId, format: 'VTT', content: makeVtt(24) } });
    expect(await read(other.id)).toMatchObject({ title: 'Mine', startSeconds: 100.5, endSeconds: 130 });
  });

  it('makes one that can be trimmed, titled, decided about and rated', async () => {
    const episodeId = await makeEpisode(ann);
    const { id: clipId } = await create({ episodeId });
    const change = (name: string, input: object) =>
      ann.ask(`mutation { ${name}(input: { clipId: "${clipId}", ${input} }) { clip { id } } }`);
    await change('trimClip', 'endSeconds: 30' as never);
    await change('updateClip', 'title: "Other"' as never);
    await change('setClipStatus', 'status: APPROVED' as never);
    await ann.ask(SubmitFeedback, { input: { episodeId, clipId, type: 'LIKE', rating: 5 } });
    expect(await read(clipId)).toMatchObject({ endSeconds: 30, title: 'Other', status: 'APPROVED', ratingCount: 1 });
  });

  it('takes a recording without a transcript, and scores the clip when there is one', async () => {
    const episodeId = await makeRecording(CHECKED);
    const { id, features } = await create({ episodeId, startSeconds: 0, endSeconds: 30 });
    const { lengthFit, ...content } = features;
    expect(lengthFit).toBe(1);
    expect(new Set(Object.values(content))).toEqual(new Set([0]));
    await ann.ask(IMPORT, { input: { episodeId, format: 'VTT', content: makeVtt(60) } });
    await sql(app.database, `DELETE FROM media_files WHERE episode_id = $1`, [rowId(episodeId)]);
    await processToEnd(ann, episodeId);
    const scored = await read(id);
    const twin = await create({ episodeId, startSeconds: 0, endSeconds: 30 });
    expect(scored).toMatchObject({ score: twin.score, features: twin.features, title: CUT.title });
    expect(scored.score).toBeGreaterThan(0.2);
  });

  it('says what is missing where there is neither a transcript nor a recording that was checked', async () => {
    const { errors } = await ann.send(CREATE, { input: { ...CUT, episodeId: await makeRecording(null) } });
    expect(errors).toMatchObject([
      { message: expect.stringContaining('import a transcript'), extensions: { code: 'CONFLICT' } },
    ]);
  });

  it('is refused while the episode is archived', async () => {
    const episodeId = await makeEpisode(ann);
    await ann.ask('mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { id } } }', {
      id: episodeId,
    });
    expect(codeOf(await ann.send(CREATE, { input: { ...CUT, episodeId } }))).toBe('CONFLICT');
  });

  it('makes at most 200 of an episode, however many are asked for at once', async () => {
    const episodeId = await makeEpisode(ann);
    await create({ episodeId });
    const copies = `INSERT INTO clips (id, episode_id, owner_id, title, start_seconds, end_seconds, score, features, genre, platform, created_by_user)
      SELECT gen_random_uuid(), episode_id, owner_id, title, start_seconds, end_seconds, score, features, genre, platform, n < 196
      FROM clips, generate_series(1, 250) n WHERE episode_id = $1`;
    await sql(app.database, copies, [rowId(episodeId)]);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => ann.send(CREATE, { input: { ...CUT, episodeId } })),
    );
    expect(answers.map(codeOf).toSorted()).toEqual([
      ...Array.from({ length: 8 }, () => 'LIMIT_EXCEEDED'),
      ...Array.from({ length: 4 }, () => undefined),
    ]);
  });

  it('scores what is said when it is stored, also while that is corrected', async () => {
    const episodeId = await makeEpisode(ann);
    const segments = 'query ($id: ID!) { episode(id: $id) { transcript(first: 4) { edges { node { id } } } } }';
    const { episode } = await ann.ask(segments, { id: episodeId });
    const transcriptSegmentId = episode.transcript.edges[2].node.id;
    const texts = Array.from({ length: 6 }, (_, index) => `Who, um, um, would say ${'um '.repeat(index + 1)}?`);
    const [clips] = await Promise.all([
      Promise.all(texts.map(() => create({ episodeId }))),
      ...texts.map((text) => ann.ask(UPDATE, { input: { transcriptSegmentId, text } })),
    ]);
    const { score, features } = await create({ episodeId });
    for (const { id } of clips) expect(await read(id)).toMatchObject({ score, features });
  });
});
