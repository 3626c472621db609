import { describe, expect, it } from 'vitest';
import { findChapters } from '#domain/episodes/chapters/find-chapters.ts';
import { measureSubjects } from '#domain/episodes/chapters/measure-subjects.ts';
import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { httpRequest } from '../support/http.ts';
import { useParley } from '../support/use-parley.ts';

const SUBJECTS = {
  bread:
    'The baker kneads the dough until morning. Rye flour and yeast rise slowly in a warm oven. Her sourdough crust breaks under the knife.',
  space:
    'The rocket engine burns oxygen in orbit. Astronauts repair the telescope above the planet. Gravity pulls the satellite toward the moon.',
  כסף: 'הבנק המרכזי העלה את הריבית על ההלוואות. המשקיעים קנו מניות בבורסה ומכרו אגרות חוב. האינפלציה שחקה את הפיקדונות והמשכנתאות.',
  ים: 'הספינה הפליגה מהנמל אל הגלים הגבוהים. הדייגים משכו את הרשתות ומצאו בהן דגים כסופים. המגדלור האיר את החוף בלילה סוער.',
};

/** Sentences of five seconds about one subject after the other, each for so many seconds. */
function talk(...parts: [keyof typeof SUBJECTS, number][]): Sentence[] {
  const sentences: Sentence[] = [];
  for (const [subject, seconds] of parts) {
    const about = SUBJECTS[subject].split(/(?<=\.) /);
    for (let index = 0; index < seconds / 5; index += 1) {
      const startSeconds = sentences.length * 5;
      const text = about[index % about.length] as string;
      sentences.push({ text, startSeconds, endSeconds: startSeconds + 5, speaker: 'Ann' });
    }
  }
  return sentences;
}

const startsOf = (sentences: Sentence[]) => findChapters(measureSubjects(sentences)).map((one) => one.startSeconds);

describe('findChapters', () => {
  it.each([
    ['English', 'bread', 'space'],
    ['Hebrew', 'כסף', 'ים'],
  ] as const)('finds where people begin to speak of something else, in %s', (_language, one, other) => {
    const starts = startsOf(talk([one, 400], [other, 300], [one, 350]));
    expect(starts).toHaveLength(3);
    for (const [index, at] of [0, 400, 700].entries()) expect(Math.abs((starts[index] ?? 0) - at)).toBeLessThan(30);
  });

  it('finds none where nothing changes, or nothing is said', () => {
    expect(startsOf(talk(['bread', 200]))).toEqual([]);
    expect(startsOf([])).toEqual([]);
  });
});

describe('the chapters of an episode', () => {
  const app = useParley({ on: 'embedded' });
  const Read = 'query ($id: ID!) { episode(id: $id) { chapters { startSeconds title } chaptersUrl } }';

  const toVtt = (sentences: Sentence[]) =>
    `WEBVTT\n\n${sentences
      .map(({ startSeconds, endSeconds, text }) => {
        const [from, to] = [startSeconds, endSeconds].map((at) => new Date(at * 1000).toISOString().slice(11, 23));
        return `${from} --> ${to}\n${text}\n`;
      })
      .join('\n')}`;

  it('are there with its transcript, follow its corrections, and are served as Podcasting 2.0 has them', async () => {
    const ann = await app.user();
    const content = toVtt(talk(['bread', 400], ['space', 400]));
    const { importTranscript } = await ann.ask(
      'mutation ($input: ImportTranscriptInput!) { importTranscript(input: $input) { episode { id } } }',
      { input: { title: 'לחם וחלל', format: 'VTT', content } },
    );
    const { id } = importTranscript.episode;
    const { episode } = await ann.ask(Read, { id });
    expect(episode.chapters).toHaveLength(2);
    const response = await fetch(episode.chaptersUrl);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json+chapters']);
    expect(await response.json()).toEqual({
      version: '1.2.0',
      title: 'לחם וחלל',
      chapters: episode.chapters.map(({ startSeconds, title }: { startSeconds: number; title: string }) => ({
        startTime: startSeconds,
        title,
      })),
    });
    const etag = response.headers.get('etag') as string;
    expect((await httpRequest(episode.chaptersUrl, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await fetch(episode.chaptersUrl, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(episode.chaptersUrl, { method: 'POST' })).status).toBe(405);
    expect((await fetch(episode.chaptersUrl.replace('/chapters.json', ''))).status).toBe(403);
    expect((await fetch(episode.chaptersUrl.replace(/signature=.*/, 'signature=x'))).status).toBe(403);
    const ben = await app.user();
    expect((await ben.ask(Read, { id })).episode).toBeNull();

    const first = 'query ($id: ID!) { episode(id: $id) { transcript(first: 100) { edges { node { id text } } } } }';
    const segments = (await ann.ask(first, { id })).episode.transcript.edges.map(({ node }: any) => node);
    const titled = segments.filter(({ text }: any) => text.startsWith(episode.chapters[0].title.slice(0, 20)));
    for (const { id: segmentId, text } of titled.slice(0, 2))
      await ann.ask('mutation ($input: UpdateSegmentInput!) { updateSegment(input: $input) { segment { id } } }', {
        input: { transcriptSegmentId: segmentId, text: `${text} Indeed.` },
      });
    expect((await ann.ask(Read, { id })).episode.chapters).toHaveLength(2);
    await ann.ask('mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { id } } }', { id });
    expect((await ann.ask(Read, { id })).episode.chaptersUrl).toBeNull();
    expect((await fetch(episode.chaptersUrl)).status).toBe(404);
  });
});
