import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeClips, makeEpisode, makeVtt, processToEnd } from '../support/fixtures.ts';
import { insertRender } from '../support/media.ts';
import { EpisodeWithClips, SubmitFeedback } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const CLIP = 'id status startSeconds endSeconds durationSeconds trimmedAt platformFit { fits } captions(format: TEXT)';
const TRIM = `mutation ($input: TrimClipInput!) { trimClip(input: $input) { clip { ${CLIP} } } }`;
const SET_STATUS = 'mutation ($input: SetClipStatusInput!) { setClipStatus(input: $input) { clip { id status } } }';

const IMPORT = 'mutation ($input: ImportTranscriptInput!) { importTranscript(input: $input) { segments } }';
const FIND = 'query ($filter: ClipFilter) { clips(filter: $filter) { edges { node { id title } } } }';

const firstClip = async (owner: Client) => (await makeClips(owner))[0] as string;
const clipsOf = async (owner: Client, id: string) =>
  (await owner.ask(EpisodeWithClips, { id })).episode?.clips.edges.map(({ node }) => node) ?? [];

describe('updateClip', () => {
  const UPDATE = `mutation ($input: UpdateClipInput!) {
    updateClip(input: $input) { clip { id title status trimmedAt } clipEdge { node { title } } } }`;

  it('changes the title, which the clip keeps when it is trimmed, transcribed or processed anew', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const episodeId = await makeEpisode(ann);
    await processToEnd(ann, episodeId);
    const clipId = (await clipsOf(ann, episodeId))[0]?.id as string;
    const title = 'גשר שבע האותיות';
    const { updateClip } = await ann.ask(UPDATE, { input: { clipId, title } });
    expect(updateClip).toEqual({
      clip: { id: clipId, title, status: 'SUGGESTED', trimmedAt: null },
      clipEdge: { node: { title } },
    });
    await ann.ask(TRIM, { input: { clipId, startSeconds: 4, endSeconds: 20 } });
    await ann.ask(IMPORT, { input: { episodeId, format: 'VTT', content: makeVtt(24) } });
    await processToEnd(ann, episodeId);
    const found = (await ann.ask(FIND, { filter: { titleContains: 'שבע האותיות' } })).clips.edges;
    expect(found).toEqual([{ node: { id: clipId, title } }]);
    expect((await bob.ask(FIND, { filter: { titleContains: 'שבע האותיות' } })).clips.edges).toEqual([]);
    const { errors } = await bob.send(UPDATE, { input: { clipId, title: 'Mine' } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('keeps an untrimmed clip with a title of its own when its episode is processed again', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann);
    await processToEnd(ann, episodeId);
    const clipId = (await clipsOf(ann, episodeId))[0]?.id as string;
    await ann.ask(UPDATE, { input: { clipId, title: 'The bridge' } });
    await processToEnd(ann, episodeId);
    expect((await clipsOf(ann, episodeId)).filter(({ id }) => id === clipId)).toMatchObject([{ title: 'The bridge' }]);
  });

  it.each(['', 'x'.repeat(201), 'a\0b'])('refuses the title %j', async (title) => {
    const ann = await app.user();
    const { errors } = await ann.send(UPDATE, { input: { clipId: await firstClip(ann), title } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.title' } }]);
  });
});

describe('trimClip', () => {
  it('moves the edges of a clip, and what depends on them', async () => {
    const ann = await app.user();
    const clipId = await firstClip(ann);
    const { trimClip } = await ann.ask(TRIM, { input: { clipId, startSeconds: 4.0004, endSeconds: 20 } });
    expect(trimClip.clip).toMatchObject({
      startSeconds: 4,
      endSeconds: 20,
      durationSeconds: 16,
      status: 'SUGGESTED',
      trimmedAt: expect.any(String),
      platformFit: { fits: true },
    });
    expect(trimClip.clip.captions).toContain('seven letters');
    expect(trimClip.clip.captions).not.toContain('Why did nobody');
    const shorter = await ann.ask(TRIM, { input: { clipId, endSeconds: 16 } });
    expect(shorter.trimClip.clip).toMatchObject({ startSeconds: 4, endSeconds: 16, durationSeconds: 12 });
  });

  it.each([
    ['before the episode', { startSeconds: -1, endSeconds: 20 }, 'input.startSeconds', 'begins at 0 s'],
    ['after the episode', { startSeconds: 90, endSeconds: 121 }, 'input.endSeconds', 'ends at 120 s'],
    ['too short', { startSeconds: 0, endSeconds: 11.999 }, 'input.endSeconds', '12 to 60 s'],
    ['too long', { startSeconds: 0, endSeconds: 60.001 }, 'input.endSeconds', '12 to 60 s'],
    ['backwards', { startSeconds: 40, endSeconds: 20 }, 'input.endSeconds', '12 to 60 s'],
    ['huge', { startSeconds: 0, endSeconds: 1e308 }, 'input.endSeconds', 'ends at 120 s'],
  ])('refuses what is %s', async (_what, edges, field, words) => {
    const ann = await app.user();
    const { errors } = await ann.send(TRIM, { input: { clipId: await firstClip(ann), ...edges } });
    expect(errors).toMatchObject([
      { message: expect.stringContaining(words), extensions: { code: 'BAD_USER_INPUT', field } },
    ]);
  });

  it('keeps the clip when its episode is processed again', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann);
    await processToEnd(ann, id);
    const [best, ...others] = await clipsOf(ann, id);
    await ann.ask(TRIM, { input: { clipId: best?.id, startSeconds: 0, endSeconds: 13 } });
    await processToEnd(ann, id);
    const now = await clipsOf(ann, id);
    expect(now.find((clip) => clip.id === best?.id)).toMatchObject({ startSeconds: 0, endSeconds: 13 });
    for (const { id } of others) expect(now.map((clip) => clip.id)).not.toContain(id);
  });
});

describe('setClipStatus', () => {
  const set = (owner: Client, clipId: string, status: string) => owner.send(SET_STATUS, { input: { clipId, status } });

  it('leads from one decision to another, and says which are possible where one is not', async () => {
    const ann = await app.user();
    const clipId = await firstClip(ann);
    for (const status of ['APPROVED', 'PUBLISHED', 'APPROVED', 'REJECTED'])
      expect((await set(ann, clipId, status)).data.setClipStatus.clip).toEqual({ id: clipId, status });
    expect((await set(ann, clipId, 'PUBLISHED')).errors).toMatchObject([
      {
        message: 'This clip is REJECTED; it can become SUGGESTED or APPROVED.',
        extensions: { code: 'CONFLICT', status: 'REJECTED' },
      },
    ]);
    expect((await ann.send(TRIM, { input: { clipId, startSeconds: 0, endSeconds: 20 } })).errors).toMatchObject([
      {
        message: 'This clip is REJECTED; only one that is SUGGESTED or APPROVED can be trimmed.',
        extensions: { code: 'CONFLICT' },
      },
    ]);
  });

  it.each(['RENDERING', 'READY', 'FAILED'])('does not make a clip %s', async (status) => {
    const ann = await app.user();
    expect((await set(ann, await firstClip(ann), status)).errors).toMatchObject([
      {
        message: expect.stringContaining('by being rendered'),
        extensions: { code: 'BAD_USER_INPUT', field: 'input.status' },
      },
    ]);
  });

  it('keeps what was decided when the episode is processed again, and suggests no stretch twice', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann);
    await processToEnd(ann, id);
    const before = await clipsOf(ann, id);
    const [rejected, approved] = before;
    await set(ann, rejected?.id as string, 'REJECTED');
    await set(ann, approved?.id as string, 'APPROVED');
    await processToEnd(ann, id);
    const now = await clipsOf(ann, id);
    const stretches = now.map(({ platform, startSeconds, endSeconds }) => `${platform} ${startSeconds} ${endSeconds}`);
    expect(new Set(stretches).size).toBe(before.length);
    expect(now).toHaveLength(before.length);
    const { clips } = await ann.ask('{ clips(filter: { statuses: [REJECTED, APPROVED] }) { edges { node { id } } } }');
    expect(clips.edges.map(({ node }: { node: { id: string } }) => node.id).toSorted()).toEqual(
      [rejected?.id, approved?.id].toSorted(),
    );
  });

  it('keeps a clip that has a file, though nothing is decided about it, when the episode is processed again', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann);
    await processToEnd(ann, id);
    const [clip] = await clipsOf(ann, id);
    await insertRender(app.database, clip?.id as string, false);
    for (const status of ['APPROVED', 'SUGGESTED']) await set(ann, clip?.id as string, status);
    await processToEnd(ann, id);
    expect(await clipsOf(ann, id)).toContainEqual(clip);
    const read = 'query ($id: ID!) { clip(id: $id) { mediaUrl } }';
    expect((await ann.ask(read, { id: clip?.id })).clip.mediaUrl).toEqual(expect.any(String));
  });

  it('of one platform is kept when that is processed again, and the others keep their clips as they are', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 60);
    await processToEnd(ann, id);
    const before = await clipsOf(ann, id);
    const [own, others] = [true, false].map((isOwn) =>
      before.filter(({ platform }) => (platform === 'TIKTOK') === isOwn),
    );
    const [approved, trimmed, ...suggested] = own ?? [];
    const twin = others?.find(
      ({ startSeconds, endSeconds }) => startSeconds === approved?.startSeconds && endSeconds === approved.endSeconds,
    );
    expect([suggested.length > 0, twin?.status]).toEqual([true, 'SUGGESTED']);
    await set(ann, approved?.id as string, 'APPROVED');
    const { startSeconds = 0, endSeconds = 0 } = trimmed ?? {};
    await ann.ask(TRIM, { input: { clipId: trimmed?.id, startSeconds: startSeconds + 1, endSeconds } });
    expect(await processToEnd(ann, id, ['TIKTOK'])).toMatchObject({ status: 'SUCCEEDED' });
    const now = await clipsOf(ann, id);
    const byId = (clips: typeof now) => clips.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(now.filter(({ platform }) => platform !== 'TIKTOK'))).toEqual(byId(others ?? []));
    const ids = now.filter(({ platform }) => platform === 'TIKTOK').map((clip) => clip.id);
    expect(ids).toEqual(expect.arrayContaining([approved?.id, trimmed?.id]));
    expect(suggested.some((clip) => ids.includes(clip.id))).toBe(false);
    expect(ids).toHaveLength(suggested.length + 3); // the untrimmed stretch is suggested again
  });

  it('is refused, as a trim is, while the episode is archived', async () => {
    const ann = await app.user();
    const clipId = await firstClip(ann);
    const { clip } = await ann.ask('query ($id: ID!) { clip(id: $id) { episode { id } } }', { id: clipId });
    await ann.ask('mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { id } } }', {
      id: clip.episode.id,
    });
    for (const { errors } of [
      await set(ann, clipId, 'APPROVED'),
      await ann.send(TRIM, { input: { clipId, startSeconds: 0, endSeconds: 20 } }),
    ])
      expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', status: 'ARCHIVED' } }]);
  });
});

it('Clip.viewerFeedback is what the viewer said last', async () => {
  const ann = await app.user();
  const clipId = await firstClip(ann);
  const read = 'query ($id: ID!) { clip(id: $id) { episode { id } viewerFeedback { type rating comment } } }';
  const { clip } = await ann.ask(read, { id: clipId });
  expect(clip.viewerFeedback).toBeNull();
  const say = (input: object) =>
    ann.ask(SubmitFeedback, { input: { episodeId: clip.episode.id, clipId, type: 'LIKE', ...input } });
  await say({ rating: 2 });
  await say({ rating: 5, comment: 'מצוין' });
  expect((await ann.ask(read, { id: clipId })).clip.viewerFeedback).toEqual({
    type: 'LIKE',
    rating: 5,
    comment: 'מצוין',
  });
});
