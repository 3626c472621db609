import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeEpisode, makeVtt } from '../support/fixtures.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let ann: Client & { id: string };
beforeAll(async () => {
  ann = await app.user();
});

const IMPORT = 'mutation ($input: ImportTranscriptInput!) { importTranscript(input: $input) { episode { id } } }';
const READ = `query ($id: ID!) { episode(id: $id) { transcript(first: 100) { edges { node {
  id startSeconds endSeconds text speaker confidence words { text startSeconds endSeconds confidence interpolated } } } } } }`;
const UPDATE = 'mutation ($input: UpdateSegmentInput!) { updateSegment(input: $input) { segment { id } } }';

const download = (path: string, { key }: Pick<Client, 'key'> = ann) =>
  fetch(`${app.parley.url}${path}`, { headers: key ? { authorization: `Bearer ${key}` } : {} });
const pathOf = (id: string, file: string) => `/episodes/${id}/${file}`;
const importFile = async (format: string, content: string, title = 'שיחה 1/2: "מטבע"') =>
  (await ann.ask(IMPORT, { input: { title, format, content } })).importTranscript.episode.id as string;
const segmentsOf = async (id: string) =>
  (await ann.ask(READ, { id })).episode.transcript.edges.map(({ node: { id: _id, ...node } }: any) => node);

const time = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 19);

const WORDS = [
  { word: 'שלום', start: 0.25, end: 1, probability: 0.5 },
  { word: 'לכולם', start: 1, end: 2.5, probability: 0.25 },
];
const TALK = JSON.stringify({
  segments: [
    { start: 0, end: 3, text: 'שלום לכולם', speaker: 'דנה <כהן>', confidence: 0.5, words: WORDS },
    { start: 3, end: 5, text: 'Hello & good morning.', speaker: 'Ann' },
    { start: 65, end: 66.5, text: 'Yes.', speaker: 'Ann' },
  ],
});

describe('a transcript', () => {
  it.each([
    ['srt', 'application/x-subrip', '2\n00:00:03,000 --> 00:00:05,000\nAnn: Hello & good morning.\n'],
    ['vtt', 'text/vtt', '00:00:03.000 --> 00:00:05.000\n<v Ann>Hello &amp; good morning.</v>\n'],
    ['txt', 'text/plain', 'Ann: 00:00:03\n\nHello & good morning.\n\nAnn: 00:01:05\n\nYes.\n'],
    ['json', 'application/json', '"body":"Hello & good morning."'],
  ])('is downloaded as %s, named after its episode', async (extension, type, part) => {
    const id = await importFile('JSON', TALK);
    const response = await download(pathOf(id, `transcript.${extension}`));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    const disposition = response.headers.get('content-disposition') as string;
    expect(disposition.startsWith('attachment; ')).toBe(true);
    const [, name = ''] = /filename\*=UTF-8''(\S+)/.exec(disposition) ?? [];
    expect(decodeURIComponent(name)).toBe(`שיחה 1-2: "מטבע".${extension}`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain(part);
  });

  it('names nobody with speakers=false', async () => {
    const id = await importFile('JSON', TALK);
    for (const extension of ['srt', 'vtt', 'txt', 'json']) {
      const text = await (await download(pathOf(id, `transcript.${extension}?speakers=false`))).text();
      expect(text).toContain('שלום לכולם');
      expect(text).not.toMatch(/Ann|כהן|<v/);
    }
  });

  it.each([
    ['json', 'JSON'],
    ['vtt', 'VTT'],
  ])('that is downloaded as %s and imported is the same again, as it was corrected', async (extension, format) => {
    const id = await importFile('JSON', TALK);
    const { episode } = await ann.ask(READ, { id });
    const transcriptSegmentId = episode.transcript.edges[1].node.id;
    await ann.ask(UPDATE, { input: { transcriptSegmentId, text: 'Hello & <good> evening.' } });
    const original = await segmentsOf(id);
    const content = await (await download(pathOf(id, `transcript.${extension}`))).text();
    const again = await segmentsOf(await importFile(format, content));
    const withoutWords = (segments: any[]) =>
      segments.map(({ words: _words, confidence: _confidence, ...segment }) => segment);
    if (format === 'JSON') expect(again).toEqual(original);
    expect(withoutWords(again)).toEqual(withoutWords(original));
    expect(again[1].text).toBe('Hello & <good> evening.');
  });

  it('is there while its episode is archived, and whole however long it is', async () => {
    const response = await fetch(`${app.parley.url}/episodes?title=long`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.key}`, 'content-type': 'text/vtt' },
      body: makeVtt(9_000),
    });
    const { id } = ((await response.json()) as { episode: { id: string } }).episode;
    await ann.ask('mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { id } } }', { id });
    const text = await (await download(pathOf(id, 'transcript.vtt'))).text();
    expect(text.match(/ --> /g)).toHaveLength(9_000);
    const { segments } = (await (await download(pathOf(id, 'transcript.json'))).json()) as { segments: unknown[] };
    expect(segments).toHaveLength(9_000);
  });

  it('that is replaced while it is downloaded breaks off, instead of looking whole', async () => {
    const cues = Array.from(
      { length: 4_000 },
      (_, n) => `${n + 1}\n${time(n)},000 --> ${time(n)},900\n${'word '.repeat(900)}\n`,
    );
    const response = await fetch(`${app.parley.url}/episodes?title=large`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.key}`, 'content-type': 'text/srt' },
      body: cues.join('\n'),
    });
    const { id: episodeId } = ((await response.json()) as { episode: { id: string } }).episode;
    const [broken, whole] = [
      await download(pathOf(episodeId, 'transcript.srt')),
      await (await download(pathOf(episodeId, 'transcript.srt'))).text(),
    ];
    expect(whole.match(/ --> /g)).toHaveLength(4_000);
    await ann.ask(IMPORT, { input: { episodeId, format: 'VTT', content: makeVtt(3) } });
    await expect(broken.text()).rejects.toThrow();
  });

  it('is for its owner, with a key that may read', async () => {
    const path = pathOf(await makeEpisode(ann, 3), 'transcript.srt');
    const [bob, writer] = [await app.user(), await app.user({ scopes: ['WRITE'] })];
    expect((await download(path, { key: '' })).status).toBe(401);
    expect((await download(path, writer)).status).toBe(403);
    expect((await download(path, bob)).status).toBe(404);
    expect((await download(path)).status).toBe(200);
    expect(
      (await fetch(`${app.parley.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${ann.key}` } }))
        .status,
    ).toBe(405);
  });

  it('has the format in its path; without one, the answer names those that there are', async () => {
    const response = await download(pathOf(await makeEpisode(ann, 3), 'transcript'));
    expect(response.status).toBe(405);
    expect(await response.text()).toContain(
      'Send PUT; `transcript.srt`, `.vtt`, `.txt` and `.json` are downloaded by GET.',
    );
  });

  it.each([
    ['transcript.doc', 404],
    ['transcript.srt.srt', 404],
    ['transcript.VTT', 404],
    ['transcript.srt?speakers=no', 400],
    ['transcript.srt?speaker=false', 400],
    ['transcript.srt?speakers=true&speakers=true', 400],
  ])('is not there as %s', async (file, status) => {
    expect((await download(pathOf(await makeEpisode(ann, 3), file))).status).toBe(status);
  });

  it('is not there without one, nor under another id', async () => {
    const id = await makeEpisode(ann, 3);
    await sql(app.database, 'DELETE FROM transcripts WHERE episode_id = $1', [
      Buffer.from(id, 'base64url').toString().split(':')[1],
    ]);
    expect((await download(pathOf(id, 'transcript.srt'))).status).toBe(404);
    expect((await download(pathOf(ann.id, 'transcript.srt'))).status).toBe(400);
    expect((await download(pathOf('%00', 'transcript.srt'))).status).toBe(400);
  });
});
