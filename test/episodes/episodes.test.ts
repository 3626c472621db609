import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeEpisode, makeVtt, processToEnd } from '../support/fixtures.ts';
import {
  CreateConversation,
  EpisodeWithClips,
  ImportTranscript,
  ProcessEpisode,
  SubmitFeedback,
} from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const TRANSCRIPTS = {
  VTT: 'WEBVTT\n\nNOTE by hand\n\n00:01.000 --> 00:03.000 align:start\n<v Ruth>Hello &amp; welcome.',
  SRT: '1\n00:00:01,000 --> 00:00:03,000\nRuth: Hello & welcome.\n',
  JSON: JSON.stringify({
    version: '1.0.0',
    segments: [{ speaker: 'Ruth', startTime: 1, endTime: 3, body: 'Hello & welcome.' }],
  }),
  TEXT: 'Ruth: 00:00:01\n\nHello & welcome.\n',
} as const;

const HEBREW_VTT = 'WEBVTT\n\n00:01.000 --> 00:03.000\n<v דנה>שלום לכולם\n';

/** Encodes a text in a charset of one byte a character. */
function encodeIn(charset: string, text: string): Uint8Array<ArrayBuffer> {
  const decoder = new TextDecoder(charset);
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return Uint8Array.from(text, (letter) => {
    const byte = bytes.get(letter);
    if (byte === undefined) throw new Error(`${charset} has no ${letter}`);
    return byte;
  });
}

const Segments = `query ($id: ID!, $from: Float, $to: Float) {
  episode(id: $id) { transcript(fromSeconds: $from, toSeconds: $to, first: 100) { totalCount edges { node {
    index startSeconds endSeconds text speaker words { text startSeconds endSeconds interpolated }
  } } } }
}`;

async function segmentsOf(client: Client, id: string, bounds = {}) {
  const { episode } = await client.ask(Segments, { id, ...bounds });
  return episode.transcript.edges.map(({ node }: { node: object }) => node);
}

describe('importTranscript', () => {
  it.each(Object.entries(TRANSCRIPTS))('reads %s', async (format, content) => {
    const ann = await app.user();
    const { importTranscript } = await ann.ask(ImportTranscript, {
      input: { title: 'Hello', format: format as 'VTT', content },
    });
    expect(importTranscript).toMatchObject({ segments: 1, episode: { title: 'Hello', status: 'UPLOADED' } });
    const [segment] = await segmentsOf(ann, importTranscript?.episode.id as string);
    expect(segment).toMatchObject({ index: 0, startSeconds: 1, text: 'Hello & welcome.', speaker: 'Ruth' });
    expect(segment.words.map(({ text }: { text: string }) => text)).toEqual(['Hello', '&', 'welcome.']);
    expect(segment.words[0]).toMatchObject({ startSeconds: 1, interpolated: true });
  });

  it('keeps word times where the source has them', async () => {
    const ann = await app.user();
    const words = [
      { word: ' Good', start: 0, end: 0.4, probability: 0.9 },
      { word: ' morning.', start: 0.5, end: 1, probability: 0.8 },
    ];
    const content = JSON.stringify({ language: 'en', segments: [{ start: 0, end: 1, text: ' Good morning.', words }] });
    const { importTranscript } = await ann.ask(ImportTranscript, {
      input: { title: 'Whisper', format: 'JSON', content },
    });
    const [segment] = await segmentsOf(ann, importTranscript?.episode.id as string);
    expect(segment.words).toEqual([
      { text: 'Good', startSeconds: 0, endSeconds: 0.4, interpolated: false },
      { text: 'morning.', startSeconds: 0.5, endSeconds: 1, interpolated: false },
    ]);
  });

  it('tells what it passed over and put right, in every repetition, and counts it in the audit log', async () => {
    const ann = await app.user({ scopes: ['READ', 'WRITE', 'ADMIN'], role: 'ADMIN' });
    const content = '1\n0:01 --> 0:02\nשלום\n\n2\n0:0x --> 0:04\nlost\n\n3\n0:07 --> 0:06\nkept\n';
    const input = { title: 'Odd', format: 'SRT' as const, content, idempotencyKey: 'odd' };
    const [made, again] = [await ann.ask(ImportTranscript, { input }), await ann.ask(ImportTranscript, { input })];
    expect(made.importTranscript).toMatchObject({
      segments: 2,
      passedOver: 1,
      warningCount: 2,
      warnings: [
        { line: 6, message: expect.stringContaining('0:0x') },
        { line: 10, message: expect.stringContaining('ends before it begins') },
      ],
    });
    expect(again).toEqual(made);
    const episodeId = made.importTranscript?.episode.id;
    const { auditLog } = await ann.ask('{ auditLog(first: 1) { edges { node { action subjectId detail } } } }');
    expect(auditLog.edges).toEqual([
      {
        node: {
          action: 'transcript.import',
          subjectId: episodeId,
          detail: { segments: 2, format: 'SRT', passedOver: 1, warnings: 2 },
        },
      },
    ]);
    const bob = await app.user();
    const { errors } = await bob.send(ImportTranscript, { input: { episodeId, format: 'SRT', content } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('refuses a file without a usable segment, with the line and the reason, and keeps what was there', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann, 3);
    const content = 'WEBVTT\n\n00:05.000 --> later\nHello';
    const { errors } = await ann.send(ImportTranscript, { input: { episodeId, format: 'VTT', content } });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/line 3/i),
        extensions: { code: 'BAD_USER_INPUT', field: 'input.content', line: 3 },
      },
    ]);
    expect(await segmentsOf(ann, episodeId)).toHaveLength(3);
  });

  it('of an episode that has one replaces it, and the clips that were found in it', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann);
    await processToEnd(ann, episodeId);
    await ann.ask(ImportTranscript, { input: { episodeId, format: 'VTT', content: makeVtt(2) } });
    expect(await segmentsOf(ann, episodeId)).toHaveLength(2);
    expect((await ann.ask(EpisodeWithClips, { id: episodeId })).episode).toMatchObject({
      status: 'UPLOADED',
      clips: { totalCount: 0 },
    });
  });

  it('needs a title or an episode', async () => {
    const ann = await app.user();
    const { errors } = await ann.send(ImportTranscript, { input: { format: 'TEXT', content: TRANSCRIPTS.TEXT } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.title' } }]);
  });

  it('with an idempotency key makes one episode, however often it is sent', async () => {
    const ann = await app.user();
    const input = { title: 'Once', format: 'VTT' as const, content: makeVtt(5), idempotencyKey: 'k' };
    const made = await Promise.all([1, 2, 3].map(() => ann.ask(ImportTranscript, { input })));
    expect(new Set(made.map(({ importTranscript }) => importTranscript?.episode.id)).size).toBe(1);
  });
});

describe('the transcript', () => {
  it('between two times is every segment that has a part there', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 10);
    const found = await segmentsOf(ann, id, { from: 7.5, to: 12.5 });
    expect(found.map(({ startSeconds }: { startSeconds: number }) => startSeconds)).toEqual([4, 8, 12]);
  });
});

describe('the upload endpoint', () => {
  const upload = (client: Client, path: string, init: RequestInit & { headers?: Record<string, string> }) =>
    fetch(`${app.parley.url}${path}`, { ...init, headers: { authorization: `Bearer ${client.key}`, ...init.headers } });

  it('takes what is larger than a GraphQL request may be, and answers with the episode', async () => {
    const ann = await app.user();
    const body = makeVtt(12_000);
    expect(body.length).toBeGreaterThan(1_000_000);
    const made = await upload(ann, '/episodes?title=Long&language=en', {
      method: 'POST',
      headers: { 'content-type': 'text/vtt' },
      body,
    });
    expect(made.status).toBe(201);
    const { episode, segments } = (await made.json()) as { episode: { id: string }; segments: number };
    expect(segments).toBe(12_000);
    const replaced = await upload(ann, `/episodes/${episode.id}/transcript?format=SRT`, {
      method: 'PUT',
      body: TRANSCRIPTS.SRT,
    });
    expect(replaced.status).toBe(200);
    expect(await segmentsOf(ann, episode.id)).toHaveLength(1);
  });

  it('tells what was passed over, a hundred times in words', async () => {
    const ann = await app.user();
    const body = `${'0:0x --> 0:04\nlost\n\n'.repeat(4_000)}0:05 --> 0:06\nkept\n`;
    const response = await upload(ann, '/episodes?title=Odd&format=SRT', { method: 'POST', body });
    const answer = (await response.json()) as { warnings: { line: number; message: string }[] };
    expect(answer).toMatchObject({ segments: 1, passedOver: 4_000, warningCount: 4_000 });
    expect(answer.warnings.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, index) => 3 * index + 1));
  });

  it.each(['application/json', 'application/jsonl', 'application/x-ndjson', 'text/plain'])(
    'takes lines of JSON as %s, as recognisers print them',
    async (type) => {
      const ann = await app.user();
      const lines = [
        { start: 1, end: 2, text: 'Where is it?' },
        { start: 3, end: 4, text: 'Upstairs.' },
      ];
      const response = await upload(ann, '/episodes?title=Lines', {
        method: 'POST',
        headers: { 'content-type': type },
        body: lines.map((line) => JSON.stringify(line)).join('\n'),
      });
      const answer = (await response.json()) as { episode: { id: string } };
      expect(answer).toMatchObject({ segments: 2, passedOver: 0 });
      expect(await segmentsOf(ann, answer.episode.id)).toMatchObject(lines.map(({ text }) => ({ text })));
    },
  );

  it.each<[string, string, Uint8Array]>([
    ['UTF-16', 'text/vtt', Buffer.from(`\uFEFF${HEBREW_VTT}`, 'utf16le')],
    ['UTF-16 in network order', 'text/vtt', Buffer.from(`\uFEFF${HEBREW_VTT}`, 'utf16le').swap16()],
    ['UTF-8 with a byte order mark', 'text/vtt; charset=utf-8', Buffer.from(`\uFEFF${HEBREW_VTT}`)],
    ['Windows-1255', 'text/vtt; charset=windows-1255', encodeIn('windows-1255', HEBREW_VTT)],
    ['what its mark says, whatever its charset', 'text/vtt; charset=windows-1255', Buffer.from(`\uFEFF${HEBREW_VTT}`)],
    ['UTF-16 without a mark', 'text/vtt', Buffer.from(HEBREW_VTT, 'utf16le')],
    ['UTF-16 in network order without a mark', 'text/vtt', Buffer.from(HEBREW_VTT, 'utf16le').swap16()],
  ])('reads Hebrew in %s', async (_what, type, body) => {
    const ann = await app.user();
    const response = await upload(ann, '/episodes?title=T', {
      method: 'POST',
      headers: { 'content-type': type },
      body: Uint8Array.from(body),
    });
    const { episode } = (await response.json()) as { episode: { id: string } };
    expect(await segmentsOf(ann, episode.id)).toMatchObject([{ text: 'שלום לכולם', speaker: 'דנה' }]);
  });

  it.each([
    ['Hebrew', 'windows-1255', 'שלום לכולם, יש לנו API חדש. לא?'],
    ['French', 'windows-1252', 'L’été dernier, où êtes-vous allés ? À la plage : ça m’a plu, et c’était très créé.'],
    ['French with one accent', 'windows-1252', 'Un café, please.'],
    ['German', 'windows-1252', 'Grüße aus München – schön, dass Sie da sind. „Übrigens“ kostet es 5 €.'],
    ['Spanish', 'windows-1252', '¿Cómo estás? ¡Mañana será otro día! El niño comió.'],
    ['Portuguese', 'windows-1252', 'Não, as lições são amanhã às três. É isso: ações e corações.'],
  ])('reads %s that does not say its charset as %s, and tells', async (_language, charset, text) => {
    const ann = await app.user();
    const response = await upload(ann, '/episodes?title=T&format=SRT', {
      method: 'POST',
      body: encodeIn(charset, `1\n00:00:01,000 --> 00:00:03,000\n${text}\n`),
    });
    const answer = (await response.json()) as { episode: { id: string } };
    const told = expect.stringContaining(`is no UTF-8, and was read as ${charset}`);
    expect(answer).toMatchObject({ segments: 1, passedOver: 0, warnings: [{ line: null, message: told }] });
    expect(await segmentsOf(ann, answer.episode.id)).toMatchObject([{ text }]);
  });

  it.each([
    ['a stray byte', (bytes: Buffer) => bytes.fill(0xff, bytes.indexOf('X'), bytes.indexOf('X') + 1), 'שלום X לכולם'],
    [
      'a letter that was cut',
      (bytes: Buffer) => bytes.fill(0xd7, bytes.indexOf('X'), bytes.indexOf('X') + 1),
      'שלום X לכולם',
    ],
  ])('reads UTF-8 with %s, and tells where', async (_what, damage, text) => {
    const ann = await app.user();
    const whole = `WEBVTT\n\n00:01.000 --> 00:02.000\nfirst\n\n00:03.000 --> 00:04.000\n${text}\n`;
    const response = await upload(ann, '/episodes?title=T', {
      method: 'POST',
      headers: { 'content-type': 'text/vtt' },
      body: Uint8Array.from(damage(Buffer.from(whole))),
    });
    const answer = (await response.json()) as { episode: { id: string } };
    expect(answer).toMatchObject({
      segments: 2,
      warnings: [{ line: 7, message: expect.stringMatching(/^Of this file 1 character is/) }],
    });
    expect(await segmentsOf(ann, answer.episode.id)).toMatchObject([
      { text: 'first' },
      { text: text.replace('X', '\uFFFD') },
    ]);
  });

  it('keeps a replacement character that a file in UTF-8 has, and tells nothing', async () => {
    const ann = await app.user();
    const body = '1\n00:00:01,000 --> 00:00:03,000\nIt\uFFFDs fine then\n';
    const response = await upload(ann, '/episodes?title=T&format=SRT', { method: 'POST', body });
    const answer = (await response.json()) as { episode: { id: string } };
    expect(answer).toMatchObject({ segments: 1, warningCount: 0 });
    expect(await segmentsOf(ann, answer.episode.id)).toMatchObject([{ text: 'It\uFFFDs fine then' }]);
  });

  it('takes UTF-8 with many damaged letters for no other charset', async () => {
    const ann = await app.user();
    const text = Buffer.from('1\n00:00:01,000 --> 00:00:03,000\nIt’s here, it’s there, it’s all. I’X and you’X.\n');
    const body = Uint8Array.from(text.filter((_byte, index) => text[index + 1] !== 0x58)); // X
    const response = await upload(ann, '/episodes?title=T&format=SRT', { method: 'POST', body });
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('This is no text in utf-8') }],
    });
  });

  it.each<[string, RequestInit & { path?: string; headers?: Record<string, string> }, number, string?]>([
    [
      'no key',
      { headers: { authorization: '', 'content-type': 'text/vtt' }, body: makeVtt(2) },
      401,
      'UNAUTHENTICATED',
    ],
    ['a type that is no transcript', { headers: { 'content-type': 'image/png' }, body: 'x' }, 415, 'UNSUPPORTED_MEDIA'],
    ['an unknown format', { path: '/episodes?title=T&format=DOCX', body: 'x' }, 400, 'BAD_USER_INPUT'],
    [
      'bytes that are no text',
      { headers: { 'content-type': 'text/vtt' }, body: Buffer.from([0xff, 0xfe, 0x00]) },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'Russian in Windows-1251 that does not say so',
      {
        headers: { 'content-type': 'text/vtt' },
        body: encodeIn('windows-1251', 'WEBVTT\n\n00:01.000 --> 00:02.000\nПривет всем, это новость\n'),
      },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a charset that is none',
      { headers: { 'content-type': 'text/vtt; charset=klingon' }, body: makeVtt(2) },
      415,
      'UNSUPPORTED_MEDIA',
    ],
    ['nothing usable', { headers: { 'content-type': 'text/vtt' }, body: 'WEBVTT' }, 400, 'BAD_USER_INPUT'],
    [
      'no title',
      { path: '/episodes', headers: { 'content-type': 'text/vtt' }, body: makeVtt(2) },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a broken id',
      {
        path: '/episodes/nonsense/transcript',
        method: 'PUT',
        headers: { 'content-type': 'text/vtt' },
        body: makeVtt(2),
      },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'more than 20 MB',
      { headers: { 'content-type': 'text/vtt' }, body: Buffer.alloc(20 * 2 ** 20 + 1, 'x') },
      413,
      'FILE_TOO_LARGE',
    ],
    ['another method', { method: 'DELETE' }, 405, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_what, { path = '/episodes?title=T', method = 'POST', ...init }, status, code) => {
    const ann = await app.user();
    const response = await upload(ann, path, { method, ...init });
    expect(response.status).toBe(status);
    const { errors } = (await response.json()) as { errors: { extensions?: { code: string } }[] };
    expect(errors[0]?.extensions?.code).toBe(code);
  });

  it('takes only a key with the scope WRITE', async () => {
    const reader = await app.user({ scopes: ['READ'] });
    const response = await upload(reader, '/episodes?title=T', {
      method: 'POST',
      headers: { 'content-type': 'text/vtt' },
      body: makeVtt(2),
    });
    expect(response.status).toBe(403);
  });
});

describe('processEpisode', () => {
  it('finds clips of whole sentences, 12 to 60 s long, the best first, for each platform', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 100);
    expect(await processToEnd(ann, id)).toMatchObject({ status: 'SUCCEEDED', progress: 1, error: null });
    const { episode } = await ann.ask(EpisodeWithClips, { id });
    const clips = episode?.clips.edges.map(({ node }) => node) ?? [];
    expect(episode?.status).toBe('READY');
    expect(new Set(clips.map(({ platform }) => platform))).toEqual(
      new Set(['TIKTOK', 'INSTAGRAM_REELS', 'YOUTUBE_SHORTS']),
    );
    for (const clip of clips) {
      expect(clip.durationSeconds).toBeGreaterThanOrEqual(12);
      expect(clip.durationSeconds).toBeLessThanOrEqual(60);
      expect(clip.startSeconds % 4).toBe(0); // whole sentences: they are four seconds long each
      expect(clip.endSeconds % 4).toBe(0);
      expect(clip.platformFit).toEqual({
        fits: true,
        reason: null,
        suggestedStartSeconds: null,
        suggestedEndSeconds: null,
      });
      expect(clip.features).toEqual(clip.featureScores);
    }
    const scores = clips.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('again replaces the clips of its platforms only', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 60);
    await processToEnd(ann, id);
    const { processEpisode } = await ann.ask(ProcessEpisode, {
      input: { episodeId: id, platforms: ['X'], maxClips: 1 },
    });
    await jobEnds(ann, processEpisode?.job.id as string);
    expect((await ann.ask(EpisodeWithClips, { id, platform: 'X' })).episode?.clips.totalCount).toBe(1);
    expect((await ann.ask(EpisodeWithClips, { id, platform: 'TIKTOK' })).episode?.clips.totalCount).toBeGreaterThan(0);
  });

  it('fails in words where nothing can be a clip', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 2);
    expect(await processToEnd(ann, id)).toMatchObject({
      status: 'FAILED',
      error: { code: 'CONFLICT', retryable: false },
    });
    const { episode } = await ann.ask(EpisodeWithClips, { id });
    const error = { code: 'CONFLICT', message: expect.stringMatching(/12 to 60 seconds/), retryable: false };
    expect(episode).toMatchObject({ status: 'FAILED', error });
  });

  it.each([{ maxClips: 0 }, { maxClips: 51 }, { platforms: [] }])('refuses %j', async (more) => {
    const ann = await app.user();
    const { errors } = await ann.send(ProcessEpisode, { input: { episodeId: await makeEpisode(ann, 5), ...more } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('a clip', () => {
  it('has captions of just itself, timed from its start, in every format', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 40);
    await processToEnd(ann, id);
    const { episode } = await ann.ask(
      `query ($id: ID!) { episode(id: $id) { clips(first: 1) { edges { node { durationSeconds captions
        srt: captions(format: SRT) json: captions(format: JSON) text: captions(format: TEXT) } } } } }`,
      { id },
    );
    const [{ node: clip }] = episode.clips.edges;
    expect(clip.captions).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:04\.000\n<v /);
    expect(clip.srt).toMatch(/^1\n00:00:00,000 --> 00:00:04,000\n/);
    expect(JSON.parse(clip.json).segments.at(-1).endTime).toBe(clip.durationSeconds);
    expect(clip.text).toMatch(/^(Ruth|Omar)/);
  });

  it('takes feedback, and counts the newest rating of a user', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 40);
    await processToEnd(ann, id);
    const clip = (await ann.ask(EpisodeWithClips, { id })).episode?.clips.edges[0]?.node.id as string;
    const read = `query ($id: ID!) { clip(id: $id) {
      averageRating ratingCount feedback { totalCount edges { node { rating comment author { username } } } } } }`;
    expect((await ann.ask(read, { id: clip })).clip).toMatchObject({ averageRating: null, ratingCount: 0 });
    for (const [rating, comment] of [
      [5, 'מצוין'],
      [1, 'Too long'],
      [null, 'עדיין'],
    ] as const) {
      await ann.ask(SubmitFeedback, { input: { episodeId: id, clipId: clip, type: 'OTHER', rating, comment } });
    }
    const { feedback, ...ratings } = (await ann.ask(read, { id: clip })).clip;
    expect(ratings).toEqual({ averageRating: 1, ratingCount: 1 });
    const nodes = feedback.edges.map(({ node }: any) => [node.rating, node.comment]);
    expect(nodes).toEqual([
      [null, 'עדיין'],
      [1, 'Too long'],
      [5, 'מצוין'],
    ]);
    const { errors } = await ann.send(SubmitFeedback, {
      input: { episodeId: id, clipId: clip, type: 'LIKE', rating: 6 },
    });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.rating' } }]);
  });

  it('returns the feedback on an episode to its owner only, with that on its clips if they are included', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const id = await makeEpisode(ann, 40);
    await processToEnd(ann, id);
    const clipId = (await ann.ask(EpisodeWithClips, { id })).episode?.clips.edges[0]?.node.id as string;
    const read = `query ($id: ID!, $clips: Boolean, $after: String) { node(id: $id) { ... on Episode {
      feedback(first: 2, includeClips: $clips, after: $after) {
        totalCount pageInfo { endCursor hasNextPage } edges { node { comment clip { id } } } } } } }`;
    for (const [comment, about] of [
      ['פרק נהדר', {}],
      ['Good clip', { clipId }],
      ['Too quiet', {}],
    ] as const)
      await ann.ask(SubmitFeedback, { input: { episodeId: id, type: 'OTHER', comment, ...about } });
    const nodes = async (more = {}) => {
      const { feedback } = (await ann.ask(read, { id, ...more })).node;
      return [feedback, feedback.edges.map(({ node }: any) => [node.comment, node.clip?.id ?? null])];
    };
    expect((await nodes())[1]).toEqual([
      ['Too quiet', null],
      ['פרק נהדר', null],
    ]);
    const [first, newest] = await nodes({ clips: true });
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(newest).toEqual([
      ['Too quiet', null],
      ['Good clip', clipId],
    ]);
    const rest = await nodes({ clips: true, after: first.pageInfo.endCursor });
    expect(rest[1]).toEqual([['פרק נהדר', null]]);
    expect((await bob.ask(read, { id })).node).toBeNull();
  });
});

describe('an episode', () => {
  it('is put away, and then neither processed nor given a transcript', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 5);
    await ann.ask('mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { status } } }', { id });
    const process = await ann.send(ProcessEpisode, { input: { episodeId: id } });
    const replace = await ann.send(ImportTranscript, { input: { episodeId: id, format: 'VTT', content: makeVtt(2) } });
    for (const { errors } of [process, replace]) expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it('is deleted with its transcript, clips and feedback; conversations about it stay', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 40);
    await processToEnd(ann, id);
    const clip = (await ann.ask(EpisodeWithClips, { id })).episode?.clips.edges[0]?.node.id as string;
    const { createConversation } = await ann.ask(CreateConversation, { input: { episodeId: id } });
    await ann.ask('mutation ($id: ID!) { deleteEpisode(input: { episodeId: $id }) { deletedId } }', { id });
    const { nodes } = await ann.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [id, clip] });
    expect(nodes).toEqual([null, null]);
    const read = 'query ($id: ID!) { conversation(id: $id) { episode { id } } }';
    expect(await ann.ask(read, { id: createConversation?.conversation.id })).toEqual({
      conversation: { episode: null },
    });
  });

  it('shows itself live: as it is now, then each change, and ends when it is deleted', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann, 40);
    const feed = ann.follow(
      'subscription ($id: ID!) { episodeUpdated(episodeId: $id) { status clips { totalCount } } }',
      { id },
    );
    expect(await feed.take(1)).toEqual([{ episodeUpdated: { status: 'UPLOADED', clips: { totalCount: 0 } } }]);
    await processToEnd(ann, id);
    await ann.ask('mutation ($id: ID!) { deleteEpisode(input: { episodeId: $id }) { deletedId } }', { id });
    const statuses: string[] = [];
    for await (const { data } of feed)
      statuses.push((data as { episodeUpdated: { status: string } }).episodeUpdated.status);
    expect(statuses.every((status) => ['PROCESSING', 'READY'].includes(status))).toBe(true);
  });
});

async function jobEnds(client: Client, id: string): Promise<void> {
  for await (const _ of client.follow('subscription ($id: ID!) { jobProgress(jobId: $id) { status } }', { id }));
}
