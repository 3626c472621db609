import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeEpisode, makeVtt, processToEnd, uploadEpisode } from '../support/fixtures.ts';
import { EpisodeWithClips } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let ann: Client & { id: string };
beforeAll(async () => {
  ann = await app.user();
});

const IMPORT = 'mutation ($input: ImportTranscriptInput!) { importTranscript(input: $input) { episode { id } } }';
const SPEAKERS = 'query ($id: ID!) { episode(id: $id) { speakers { name spokenSeconds segmentCount } } }';
const RENAME = `mutation ($input: RenameSpeakerInput!) { renameSpeaker(input: $input) {
  segmentCount merged episode { id speakers { name segmentCount } } episodeEdge { node { id } } } }`;
const NAMES = `query ($id: ID!) { episode(id: $id) { transcript(first: 100) { edges { node { speaker } } } } }`;
const SEARCH = `query ($query: String!, $id: ID!) { searchTranscripts(query: $query, episodeId: $id) { matches { segment { speaker text } } } }`;
const CREATE = 'mutation ($input: CreateClipInput!) { createClip(input: $input) { clip { id score features } } }';

const speakersOf = async (id: string, client = ann) => (await client.ask(SPEAKERS, { id })).episode?.speakers;
const namesOf = async (id: string): Promise<(string | null)[]> =>
  (await ann.ask(NAMES, { id })).episode.transcript.edges.map(({ node }: any) => node.speaker);
const rename = async (episodeId: string, speaker: string, name: string) =>
  (await ann.ask(RENAME, { input: { episodeId, speaker, name } })).renameSpeaker;
const codeOf = ({ errors }: any) => errors?.[0]?.extensions.code;

describe('Episode.speakers', () => {
  it('has who is named in the transcript, with their time, whoever speaks longest first', async () => {
    const content =
      'WEBVTT\n\n00:00.000 --> 00:02.500\n<v דנה>שלום\n\n00:03.000 --> 00:10.000\n<v Omar>Hello\n\n00:10.000 --> 00:11.000\n[Music]\n\n00:12.000 --> 00:13.250\n<v דנה>ביי\n';
    const { importTranscript } = await ann.ask(IMPORT, { input: { title: 'Talk', format: 'VTT', content } });
    const { id } = importTranscript.episode;
    expect(await speakersOf(id)).toEqual([
      { name: 'Omar', spokenSeconds: 7, segmentCount: 1 },
      { name: 'דנה', spokenSeconds: 3.75, segmentCount: 2 },
    ]);
    await ann.ask(IMPORT, { input: { episodeId: id, format: 'VTT', content: makeVtt(10) } });
    expect((await speakersOf(id)).map(({ name }: any) => name)).toEqual(['Ruth', 'Omar']);
    expect(await speakersOf(id, await app.user())).toBeUndefined();
  });

  it('has a hundred of those who are many, and is read where it was not stored', async () => {
    const lines = Array.from({ length: 120 }, (_, n) => ({
      start: n,
      end: n + 1,
      text: 'Hello.',
      speaker: `Guest ${n}`,
    }));
    const content = JSON.stringify({ segments: lines });
    const { importTranscript } = await ann.ask(IMPORT, { input: { title: 'Talk', format: 'JSON', content } });
    const { id } = importTranscript.episode;
    const stored = await speakersOf(id);
    expect(stored.map(({ name }: any) => name)).toEqual(lines.slice(0, 100).map(({ speaker }) => speaker));
    await sql(app.database, 'UPDATE transcripts SET speakers = NULL');
    expect(await speakersOf(id)).toEqual(stored);
  });
});

describe('renameSpeaker', () => {
  it('renames one in every segment, and back', async () => {
    const id = await makeEpisode(ann, 20);
    const before = await namesOf(id);
    expect(await rename(id, 'Ruth', 'נעמי כהן')).toEqual({
      ...{ segmentCount: 10, merged: false, episodeEdge: { node: { id } } },
      episode: {
        id,
        speakers: [
          { name: 'נעמי כהן', segmentCount: 10 },
          { name: 'Omar', segmentCount: 10 },
        ],
      },
    });
    expect(await namesOf(id)).toEqual(before.map((name) => (name === 'Ruth' ? 'נעמי כהן' : name)));
    expect(await rename(id, 'נעמי כהן', 'Ruth')).toMatchObject({ segmentCount: 10, merged: false });
    expect(await namesOf(id)).toEqual(before);
  });

  it('is followed by captions, downloads and search', async () => {
    const episodeId = await makeEpisode(ann, 20);
    await rename(episodeId, 'Ruth', 'Naomi Shemer');
    const { createClip } = await ann.ask(
      'mutation ($input: CreateClipInput!) { createClip(input: $input) { clip { captions } } }',
      { input: { episodeId, startSeconds: 0, endSeconds: 20, title: 'x', platform: 'X' } },
    );
    expect(createClip.clip.captions).toContain('<v Naomi Shemer>');
    const file = await fetch(`${app.parley.url}/episodes/${episodeId}/transcript.vtt`, {
      headers: { authorization: `Bearer ${ann.key}` },
    });
    expect(await file.text()).toContain('<v Naomi Shemer>');
    const found = async (query: string) =>
      (await ann.ask(SEARCH, { query, id: episodeId })).searchTranscripts.matches.map(
        (match: any) => match.segment.speaker,
      );
    expect((await found('Naomi letters attic'))[0]).toBe('Naomi Shemer');
    expect(await found('Ruth')).toEqual([]);
  });

  it('merges two where the name is taken, which renaming does not undo, and scores clips anew', async () => {
    const id = await makeEpisode(ann, 60);
    await processToEnd(ann, id);
    const clipsOf = async () =>
      (await ann.ask(EpisodeWithClips, { id })).episode?.clips.edges.map(({ node }) => node) ?? [];
    const before = await clipsOf();
    expect(before.some(({ featureScores }) => featureScores.speakerExchange > 0)).toBe(true);
    expect(await rename(id, 'Ruth', 'Omar')).toMatchObject({
      ...{ segmentCount: 30, merged: true },
      episode: { speakers: [{ name: 'Omar', segmentCount: 60 }] },
    });
    const after = await clipsOf();
    expect(after.map((clip) => clip.id).toSorted()).toEqual(before.map((clip) => clip.id).toSorted());
    for (const { id: clipId, startSeconds, endSeconds, platform, genre, score, features, title } of after) {
      const input = { episodeId: id, startSeconds, endSeconds, platform, genre, title: 'x' };
      const { createClip } = await ann.ask(CREATE, { input });
      expect({ clipId, score, features }).toEqual({
        clipId,
        score: createClip.clip.score,
        features: createClip.clip.features,
      });
      expect(title).toBe(before.find((clip) => clip.id === clipId)?.title);
    }
    expect(await rename(id, 'Omar', 'Ruth')).toMatchObject({ segmentCount: 60, merged: false });
  });

  it('changes nothing where the name is the same', async () => {
    const id = await makeEpisode(ann, 5);
    expect(await rename(id, 'Ruth', ' Ruth: ')).toMatchObject({ segmentCount: 0, merged: false });
  });

  it.each([
    ['nobody of that name', 'Eve', 'Adam', 'NOT_FOUND'],
    ['another spelling', 'ruth', 'Adam', 'NOT_FOUND'],
    ['no new name', 'Ruth', '', 'BAD_USER_INPUT'],
    ['a name of nobody', 'Ruth', ' - ', 'BAD_USER_INPUT'],
    ['too long a name', 'Ruth', 'x'.repeat(201), 'BAD_USER_INPUT'],
    ['NUL', 'Ruth', 'a\0b', 'BAD_USER_INPUT'],
    ['half a character', 'Ruth', '\ud800', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_what, speaker, name, code) => {
    const episodeId = await makeEpisode(ann, 5);
    expect(codeOf(await ann.send(RENAME, { input: { episodeId, speaker, name } }))).toBe(code);
  });

  it('is refused while the episode is archived', async () => {
    const episodeId = await makeEpisode(ann, 5);
    await ann.ask('mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { id } } }', {
      id: episodeId,
    });
    expect(codeOf(await ann.send(RENAME, { input: { episodeId, speaker: 'Ruth', name: 'Naomi' } }))).toBe('CONFLICT');
  });

  it('renames thousands of segments, once for all who ask with one key', { timeout: 120_000 }, async () => {
    const id = await uploadEpisode(app.parley.url, ann, 6_000);
    const input = { episodeId: id, speaker: 'Ruth', name: 'Naomi', idempotencyKey: 'rename-1' };
    const answers = await Promise.all(Array.from({ length: 4 }, () => ann.ask(RENAME, { input })));
    for (const { renameSpeaker } of answers)
      expect(renameSpeaker).toMatchObject({ segmentCount: 3_000, merged: false });
    expect((await speakersOf(id)).map(({ name, segmentCount }: any) => [name, segmentCount])).toEqual([
      ['Naomi', 3_000],
      ['Omar', 3_000],
    ]);
  });

  it('and its opposite at once leave everybody a name', async () => {
    const id = await makeEpisode(ann, 30);
    const answers = await Promise.all([
      ...['Ruth', 'Omar', 'Naomi'].map((name) => ann.send(RENAME, { input: { episodeId: id, speaker: 'Ruth', name } })),
      ...['Ruth', 'Omar', 'Naomi'].map((name) => ann.send(RENAME, { input: { episodeId: id, speaker: 'Omar', name } })),
    ]);
    expect(answers.map(codeOf).filter((code) => code !== undefined && code !== 'NOT_FOUND')).toEqual([]);
    const names = await namesOf(id);
    expect(names).toHaveLength(30);
    expect(names.filter((name) => name === null)).toEqual([]);
    const counts = (await speakersOf(id)).map(({ name, segmentCount }: any) => [name, segmentCount]);
    const counted = [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]);
    expect(counts.toSorted()).toEqual(counted.toSorted());
  });
});
