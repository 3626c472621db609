import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeEpisode, makeVtt, processToEnd } from '../support/fixtures.ts';
import { insertRender } from '../support/media.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const Read = `query ($id: ID!) { episode(id: $id) { status
  transcript(first: 100) { edges { node { id index text startSeconds words { text startSeconds } } } }
  clips(first: 100) { edges { node { id title score startSeconds endSeconds status renderOutOfDate captions(format: TEXT) } } }
} }`;
const Update = `mutation ($input: UpdateSegmentInput!) { updateSegment(input: $input) {
  segment { text words { text startSeconds interpolated } } segmentEdge { node { index } }
  clips { id startSeconds endSeconds renderOutOfDate } clipEdges { node { id } } } }`;
const Import = `mutation ($input: ImportTranscriptInput!) { importTranscript(input: $input) { episode { id status } } }`;

const app = useParley();
let ann: Client;
beforeAll(async () => {
  ann = await app.user();
});

async function read(id: string) {
  const { episode } = await ann.ask(Read, { id });
  const nodesOf = ({ edges }: any) => edges.map(({ node }: any) => node);
  return { status: episode.status, segments: nodesOf(episode.transcript), clips: nodesOf(episode.clips) };
}

async function makeProcessed(): Promise<string> {
  const id = await makeEpisode(ann);
  await processToEnd(ann, id);
  return id;
}

const rowIdOf = (id: string) => Buffer.from(id, 'base64url').toString().split(':')[1];

describe('updateSegment', () => {
  it('moves the clips that begin with its words, scores them anew, and says which files are out of date', async () => {
    const id = await makeProcessed();
    const { segments, clips } = await read(id);
    const clip = clips[0];
    const at = segments.findIndex((segment: any) => segment.startSeconds === clip.startSeconds);
    const [silent, captioned] = clips.filter((other: any) => other.startSeconds === clip.startSeconds);
    await insertRender(app.database, silent.id, false);
    if (captioned) await insertRender(app.database, captioned.id, true);
    // The first word goes to the segment before: the clip begins with the next one.
    const rest = segments[at].text.split(' ').slice(1).join(' ');
    const key = 'correct-1';
    const input = { transcriptSegmentId: segments[at].id, text: `  ${rest}\n`, idempotencyKey: key };
    const { updateSegment } = await ann.ask(Update, { input });
    expect(updateSegment.segment).toMatchObject({ text: rest });
    expect(updateSegment.segmentEdge.node.index).toBe(at);
    const now = await read(id);
    expect(now.clips.map((other: any) => other.id).sort()).toEqual(clips.map((other: any) => other.id).sort());
    const moved = now.clips.find((other: any) => other.id === clip.id);
    expect(moved.captions).toContain(rest);
    expect(updateSegment.clips.length).toBeGreaterThan(0);
    for (const { id: clipId, renderOutOfDate } of now.clips)
      if (clipId === captioned?.id) expect(renderOutOfDate).toBe(true);
    expect((await ann.ask(Update, { input })).updateSegment).toEqual(updateSegment);
    expect((await ann.send(Update, { input: { ...input, text: 'other' } })).errors).toMatchObject([
      { extensions: { code: 'IDEMPOTENCY_CONFLICT' } },
    ]);
    const files = await sql(app.database, "SELECT 1 FROM media_files WHERE kind = 'RENDER'");
    expect(files).toHaveLength(captioned ? 2 : 1);
  });

  it('keeps the times of timed words, in Hebrew too, and is found by what is said now', async () => {
    const words = 'שלום לכולם וברוכים הבאים לתוכנית שלנו על כסף'.split(' ');
    const segment = {
      start: 0,
      end: 4,
      text: words.join(' '),
      words: words.map((word, index) => ({ word, start: index / 2, end: index / 2 + 0.5 })),
    };
    const content = JSON.stringify({ segments: [segment] });
    const { importTranscript } = await ann.ask(Import, { input: { title: 'כסף', format: 'JSON', content } });
    const { segments } = await read(importTranscript.episode.id);
    const text = 'שלום לכולם וברוכים הבאים לתוכנית שלנו על מטבעות דיגיטליים';
    const { updateSegment } = await ann.ask(Update, { input: { transcriptSegmentId: segments[0].id, text } });
    expect(updateSegment.segment.words.map((word: any) => word.startSeconds)).toEqual([
      ...[0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5],
      expect.closeTo(3.72, 1),
    ]);
    const find = 'query ($q: String!) { searchTranscripts(query: $q) { matches { segment { text } } } }';
    const found = await ann.ask(find, { q: 'דיגיטליים' });
    expect(found.searchTranscripts.matches[0].segment.text).toBe(text);
  });

  it('is refused to others, without a word, and while the episode is archived', async () => {
    const id = await makeEpisode(ann, 3);
    const [segment] = (await read(id)).segments;
    const ben = await app.user();
    const codeOf = async (owner: Client, text: string) =>
      (await owner.send(Update, { input: { transcriptSegmentId: segment.id, text } })).errors?.[0]?.extensions.code;
    expect(await codeOf(ben, 'mine')).toBe('NOT_FOUND');
    for (const nothing of [' \n ', '\u200f', '\u200b \u2060'])
      expect(await codeOf(ann, nothing)).toBe('BAD_USER_INPUT');
    expect(await codeOf(ann, 'x'.repeat(20_001))).toBe('BAD_USER_INPUT');
    const many = await Promise.all(Array.from({ length: 20 }, (_, index) => codeOf(ann, `Text number ${index} here.`)));
    expect(many).toEqual(Array(20).fill(undefined));
    await ann.ask('mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { id } } }', { id });
    expect(await codeOf(ann, 'late')).toBe('CONFLICT');
  });
});

describe('a correction', () => {
  const spoken = (...sentences: string[]) => {
    let spokenWords = 0;
    const segments = sentences.map((text) => {
      const from = spokenWords / 2;
      const words = text
        .split(' ')
        .map((word, index) => ({ word, start: from + index / 2, end: from + index / 2 + 0.5 }));
      spokenWords += words.length;
      return { start: from, end: spokenWords / 2, text, words };
    });
    return JSON.stringify({ segments });
  };
  const over = async (content: string, episodeId?: string) => {
    const input = { format: 'JSON', content, ...(episodeId ? { episodeId } : { title: 'Names' }) };
    return (await ann.ask(Import, { input })).importTranscript.episode.id as string;
  };
  const correct = async (id: string, index: number, text: string) => {
    const { segments } = await read(id);
    await ann.ask(Update, { input: { transcriptSegmentId: segments[index].id, text } });
  };
  const textsOf = async (id: string) => (await read(id)).segments.map(({ text }: any) => text);

  it('is laid over a later import where its words still fit, however that is cut, and again over the next', async () => {
    const first = 'Today we talk with doctor is said about the old bridge.';
    const second = 'She has been there for the hole summer with her team.';
    const third = 'The river was high and nobody could cross it then.';
    const id = await over(spoken(first, second, third));
    await correct(id, 0, 'Today we talk with Dr. Issaid about the old bridge.');
    await correct(id, 1, 'She has been there for the whole summer with her whole team.');
    await correct(id, 2, 'The river was high and nobody could cross it.');
    const heardAnew = [
      'Today we talk with doctor Issad',
      'about the old bridge. She has been there',
      'for the hole summer, with her team.',
      third,
    ];
    await over(spoken(...heardAnew), id);
    const kept = [
      'Today we talk with Dr. Issaid',
      'about the old bridge. She has been there',
      'for the whole summer, with her whole team.',
      'The river was high and nobody could cross it.',
    ];
    expect(await textsOf(id)).toEqual(kept);
    const { segments } = await read(id);
    expect(segments[2].words.map(({ startSeconds }: any) => startSeconds).slice(0, 3)).toEqual([7, 7.5, 8]);
    expect(
      segments[0].words.every(
        ({ startSeconds }: any, index: number, all: any[]) =>
          index === 0 || startSeconds >= all[index - 1].startSeconds,
      ),
    ).toBe(true);

    // Again, from the source of the second; what a better one says right itself keeps its own spelling.
    await over(spoken(...heardAnew.slice(0, 2), 'for the whole summer – with her whole team.', third), id);
    expect(await textsOf(id)).toEqual([kept[0], kept[1], 'for the whole summer – with her whole team.', kept[3]]);
    // Where nothing is left of the words around it, it has no place; nor has it once it was taken back.
    const other = 'Rockets have engines, and engines need oxygen somewhere above us.';
    await over(spoken(other), id);
    expect(await textsOf(id)).toEqual([other]);
    await correct(id, 0, 'Rockets have motors, and engines need oxygen somewhere above us.');
    await correct(id, 0, other);
    await over(spoken(other), id);
    expect(await textsOf(id)).toEqual([other]);
  });

  it('is kept in Hebrew, moves clips with its words, and marks the files that show them as out of date', async () => {
    const id = await makeProcessed();
    const { segments, clips } = await read(id);
    const [clip] = clips;
    await insertRender(app.database, clip.id, true);
    const at = segments.findIndex((segment: any) => segment.startSeconds === clip.startSeconds);
    const words = segments[at].text.split(' ');
    const corrected = [...words.slice(0, 2), 'גשר', ...words.slice(2)].join(' ');
    await correct(id, at, corrected);
    await sql(app.database, 'UPDATE clips SET render_out_of_date = false WHERE id = $1', [rowIdOf(clip.id)]);
    const content = makeVtt(30).replace(/(\d\d):(\d\d):(\d\d)\.000/g, (_all, hours, minutes, seconds) => {
      const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + 2.5;
      return new Date(time * 1000).toISOString().slice(11, 23);
    });
    await ann.ask(Import, { input: { episodeId: id, format: 'VTT', content } });
    const now = await read(id);
    expect(now.segments[at].text).toBe(corrected);
    const moved = now.clips.find((other: any) => other.id === clip.id);
    expect(moved).toMatchObject({ startSeconds: clip.startSeconds + 2.5, renderOutOfDate: true });
    expect(moved.captions).toContain('גשר');
    const find = 'query ($q: String!) { searchTranscripts(query: $q) { matches { segment { text } } } }';
    expect((await ann.ask(find, { q: 'גשר' })).searchTranscripts.matches[0].segment.text).toBe(corrected);
  });
});

describe('a better transcript', () => {
  it('takes the clips along with their words, and keeps what was rendered or decided though its words are gone', async () => {
    const id = await makeProcessed();
    const before = await read(id);
    await insertRender(app.database, before.clips[0].id, false);
    const shifted = makeVtt(30).replace(/(\d\d):(\d\d):(\d\d)\.000/g, (_all, hours, minutes, seconds) => {
      const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + 2.5;
      return new Date(time * 1000).toISOString().slice(11, 23);
    });
    const over = (content: string) => ann.ask(Import, { input: { episodeId: id, format: 'VTT', content } });
    expect((await over(shifted)).importTranscript.episode.status).toBe('READY');
    const after = await read(id);
    const clipsById = new Map<string, any>(after.clips.map((clip: any) => [clip.id, clip]));
    for (const clip of before.clips) {
      expect(clipsById.get(clip.id)).toMatchObject({
        startSeconds: clip.startSeconds + 2.5,
        endSeconds: clip.endSeconds + 2.5,
        renderOutOfDate: clip.id === before.clips[0].id,
      });
    }
    const other =
      'WEBVTT\n\n00:00.000 --> 00:30.000\nRockets have engines, and engines need oxygen somewhere above us.\n';
    await over(other);
    const left = await read(id);
    expect(left.clips.map((clip: any) => clip.id)).toEqual([before.clips[0].id]);
    expect(left.clips[0]).toMatchObject({ renderOutOfDate: true });
  });
});
