import { describe, expect, it } from 'vitest';
import { parseIntoRows } from '#domain/episodes/transcripts/parse-into-rows.ts';
import { read, turnsOf } from './support.ts';

const json = (document: unknown) => read('JSON', JSON.stringify(document));
const turns = (document: unknown) => turnsOf('JSON', JSON.stringify(document));
const piece = (text: string, start: number, more: object = {}) => ({ start, end: start + 1, text, ...more });

describe('a recogniser claims only what no other tool writes', () => {
  it.each([
    ['segments', { text: '', segments: [piece('Salt last.', 1)] }],
    ['utterances', { text: '', utterances: [piece('Salt last.', 1.5)] }],
    ['words', { text: '', words: [piece('Salt', 1.5), piece('last.', 2.5)] }],
    ['an answer', { text: '', result: { segments: [piece('Salt last.', 1)] } }],
  ])('an empty text beside %s is not Vosk’s', (_name, document) => {
    expect(turns(document)).toEqual([[null, 'Salt last.']]);
  });

  it.each([
    ['none', []],
    ['key words', ['kubernetes', 'olive oil']],
    ['key phrases with scores', [{ text: 'olive oil', score: 0.9 }]],
  ])('`phrases` that have no times are not Azure’s: %s', (_name, phrases) => {
    expect(turns({ phrases, segments: [piece('Salt last.', 1)] })).toEqual([[null, 'Salt last.']]);
  });
});

describe('the end of a segment', () => {
  it.each([
    ['duration', { start: 1, duration: 2.5 }],
    ['dur', { start: 1, dur: 2.5 }],
    ['dur, all in strings', { start: '1', dur: '2.5' }],
    ['duration_ms', { start_ms: 1_000, duration_ms: 2_500 }],
    ['durationMs', { startMs: 1_000, durationMs: 2_500 }],
  ])('may be given as %s', (_name, times) => {
    const { segments, warnings } = json([{ text: 'Salt last.', ...times }, piece('Then stir.', 9)]);
    expect(segments[0]).toMatchObject({ startSeconds: 1, endSeconds: 3.5 });
    expect(warnings.list).toEqual([]);
  });
});

describe('a field that is something else than a text', () => {
  it.each([
    ['the number of a segment beside a word', { word: 'Hi', start: 0, end: 1, segment: 0 }],
    ['the number of a sentence beside a word', { word: 'Hi', start: 0, end: 1, sentence: 3 }],
    ['the number of a segment beside its words', { segment: 4, words: [{ word: 'Hi', start: 0, end: 1 }] }],
    ['an object beside a text', { body: { id: 7 }, text: 'Hi', start: 0, end: 1 }],
  ])('is passed by: %s', (_name, segment) => {
    expect(turns([segment])).toEqual([[null, 'Hi']]);
  });

  it('makes a tuple none, which is told', () => {
    const { segments, warnings } = json({ segments: [[1, 2, 'lost'], piece('kept so', 3)] });
    expect(segments.map(({ text }) => text)).toEqual(['kept so']);
    expect(warnings).toMatchObject({ passedOver: 1, list: [{ message: expect.stringContaining('segments[0]') }] });
  });
});

describe('lists of speakers', () => {
  const segments = [piece('Salt last.', 1, { speaker: 'S1' }), piece('Why?', 3, { speaker: 'S2' })];

  it.each<[string, object[], (string | null)[]]>([
    ['without names', [{ id: 'S1' }, { id: 'S2', name: null }], ['S1', 'S2']],
    [
      'with names to show',
      [
        { id: 'S1', displayName: 'Dana' },
        { id: 'S2', displayName: '' },
      ],
      ['Dana', 'S2'],
    ],
    ['of some', [{ id: 'S2', name: 'Gil' }], ['S1', 'Gil']],
  ])('%s', (_name, speakers, expected) => {
    expect(turns({ speakers, segments }).map(([speaker]) => speaker)).toEqual(expected);
  });

  it('of Rev', () => {
    const monologues = [
      { speaker: 0, elements: [{ type: 'text', value: 'Salt', ts: 1, end_ts: 2 }] },
      { speaker: 1, elements: [{ type: 'text', value: 'Why', ts: 3, end_ts: 4 }] },
    ];
    expect(turns({ speakers: [{ id: 0, name: 'Dana' }], monologues })).toEqual([
      ['Dana', 'Salt'],
      ['Speaker 1', 'Why'],
    ]);
  });
});

describe('Google with a channel for each speaker', () => {
  const word = (text: string, seconds: number) => ({
    word: text,
    startTime: `${seconds}s`,
    endTime: `${seconds + 1}s`,
  });
  const result = (channelTag: number, ...words: object[]) => ({ channelTag, alternatives: [{ words }] });
  const timesOf = (results: object[]) =>
    json({ results }).segments.map(({ startSeconds, endSeconds, speaker, text }) => [
      startSeconds,
      endSeconds,
      speaker,
      text,
    ]);

  it('has the words of both in the order of time', () => {
    const results = [
      result(1, word('One.', 1)),
      result(1, word('Three.', 30)),
      result(1, word('Five.', 60)),
      result(2, word('Two.', 3)),
      result(2, word('Four.', 40)),
    ];
    expect(timesOf(results)).toEqual([
      [1, 2, 'Speaker 1', 'One.'],
      [3, 4, 'Speaker 2', 'Two.'],
      [30, 31, 'Speaker 1', 'Three.'],
      [40, 41, 'Speaker 2', 'Four.'],
      [60, 61, 'Speaker 1', 'Five.'],
    ]);
  });

  it('loses none where both begin together', () => {
    const results = [result(1, word('Hello.', 0)), result(2, word('Hi', 0), word('Dana.', 2))];
    expect(turns({ results })).toEqual([
      ['Speaker 1', 'Hello.'],
      ['Speaker 2', 'Hi Dana.'],
    ]);
  });

  it('keeps a result without words beside those that have some', () => {
    const results = [
      { alternatives: [{ transcript: 'Hello.', words: [word('Hello.', 1)] }], resultEndTime: '2s' },
      { alternatives: [{ transcript: 'Salt goes last.' }], resultEndTime: '5s' },
    ];
    expect(timesOf(results)).toEqual([
      [1, 2, null, 'Hello.'],
      [2, 5, null, 'Salt goes last.'],
    ]);
  });
});

it('a string of millions of escapes in JSON that is broken is refused in words', () => {
  const bytes = Buffer.from(`{"segments":[{"start":1,"text":"${'\\n'.repeat(5_000_000)}"`);
  expect(parseIntoRows({ format: 'JSON', bytes })).toMatchObject({
    refused: expect.stringContaining('not valid JSON'),
  });
});
