import { describe, expect, it } from 'vitest';
import { read, turnsOf } from './support.ts';

const json = (document: object) => read('JSON', JSON.stringify(document));
const wordsOf = (document: object) =>
  json(document).segments.flatMap(({ words }) =>
    (words ?? []).map(({ text, startSeconds, endSeconds }) => [text, round(startSeconds), round(endSeconds)]),
  );
const round = (seconds: number) => Math.round(seconds * 1000) / 1000;

const word = <More extends object>(text: string, start: unknown, end: unknown, more = {} as More) => ({
  word: text,
  start,
  end,
  ...more,
});

describe('one odd value in JSON', () => {
  it.each<[string, unknown, unknown]>([
    ['no times', undefined, undefined],
    ['null', null, null],
    ['a text', 'soon', {}],
    ['a time far away', 900, 901],
    ['a time before those before', 0.05, 0.06],
    ['a time after those after', 3.8, 3.9],
  ])('costs a word of %s its times only, which are between its neighbours', (_what, start, end) => {
    const words = [
      word('ב', 0.1, 0.3),
      word('one', 0.4, 0.6),
      word('12', start, end),
      word('two', 2, 2.4),
      word('six', 2.5, 3),
    ];
    expect(wordsOf({ segments: [{ start: 0, end: 4, text: 'ב one 12 two six', words }] })).toEqual([
      ['ב', 0.1, 0.3],
      ['one', 0.4, 0.6],
      ['12', 0.6, 2],
      ['two', 2, 2.4],
      ['six', 2.5, 3],
    ]);
  });

  it('costs a run of words their own times, which they share by their length', () => {
    const words = [word('a', 1, 2), word('bb', null, null), word('bbbb', null, null), word('c', 5, 6)];
    expect(wordsOf({ segments: [{ start: 0, end: 9, text: 'a bb bbbb c', words }] })).toEqual([
      ['a', 1, 2],
      ['bb', 2, 3],
      ['bbbb', 3, 5],
      ['c', 5, 6],
    ]);
  });

  it('may be a time with a comma or a unit, or a speaker in an object; an end that cannot be read is told', () => {
    const segments = [
      { start: '61,25', end: '62.5 s', text: 'one two', speaker: { name: 'נועה' } },
      { start: '63000ms', end: 'soon', text: 'three four', speaker: { label: 'B' } },
    ];
    const found = read('JSON', JSON.stringify({ segments }));
    expect(found.segments).toMatchObject([
      { startSeconds: 61.25, endSeconds: 62.5, speaker: 'נועה' },
      { startSeconds: 63, endSeconds: 63.8, speaker: 'B' },
    ]);
    expect(found.warnings.list).toMatchObject([{ message: expect.stringContaining('segments[1] has an end') }]);
  });

  it('is no unit of all times: nobody says a word in ten minutes, or a hundred in a second', () => {
    const text = 'one two three four';
    const milliseconds = [0, 1500, 3000, 4500, 60_000].map((start) => ({ start, end: start + 1500, text }));
    const seconds = [0, 2, 3700].map((start) => ({ start, end: start + 2, text }));
    const words = ['אחת', 'two', 'three'].map((word, start) => ({ text: word, start, end: start + 1 }));
    const startsOf = (document: object) =>
      read('JSON', JSON.stringify(document)).segments.map(({ startSeconds }) => startSeconds);
    expect(startsOf({ segments: milliseconds })).toEqual([0, 1.5, 3, 4.5, 60]);
    expect(startsOf(milliseconds)).toEqual([0, 1.5, 3, 4.5, 60]);
    expect(read('JSON', JSON.stringify(milliseconds)).warnings.list).toMatchObject([
      { line: null, message: expect.stringContaining('times were read as milliseconds') },
    ]);
    expect(startsOf({ segments: seconds })).toEqual([0, 2, 3700]);
    expect(read('JSON', JSON.stringify({ words })).segments.at(-1)?.endSeconds).toBe(3);
  });

  const said = { text: 'Hello and welcome to the show.' };
  const answered = { text: 'Thanks for having me here.' };

  it.each<[string, object, [number, number][]]>([
    [
      'lengths',
      [
        { start: 0, length: 2.5, ...said },
        { start: 3, length: '1.5', ...answered },
      ],
      [
        [0, 2.5],
        [3, 4.5],
      ],
    ],
    ['lengths of words', { words: [{ word: 'Hello', start: 1, length: 0.4 }] }, [[1, 1.4]]],
    ['lengths of texts, which are none', [{ start: 0, length: 30, ...said }], [[0, 2.4]]],
    [
      'names with milliseconds',
      [
        { startMs: 500, endMs: 2500, ...said },
        { start_time_ms: 3000, length_ms: 1500, ...answered },
      ],
      [
        [0.5, 2.5],
        [3, 4.5],
      ],
    ],
    ['a start in milliseconds, and a duration beside it', [{ offset_ms: 500, duration: 2000, ...said }], [[0.5, 2.5]]],
    [
      'names with seconds',
      [
        { start_seconds: 0.5, end_seconds: 2.5, ...said },
        { startSec: 3, durationSec: 1.5, ...answered },
      ],
      [
        [0.5, 2.5],
        [3, 4.5],
      ],
    ],
    ['a unit', { unit: 'ms', segments: [{ start: 500, end: 2500, text: 'Hi' }] }, [[0.5, 2.5]]],
    [
      'a unit of seconds',
      { time_unit: 'seconds', segments: [{ start: 0, end: 2500, ...said, speaker: 'A' }] },
      [[0, 2500]],
    ],
    [
      'the length of the recording',
      {
        duration: 5.2,
        segments: [
          { start: 0, end: 2500, text: 'Hi there' },
          { start: 3000, end: 5000, text: 'Bye now' },
        ],
      },
      [
        [0, 2.5],
        [3, 5],
      ],
    ],
    [
      'its length beside seconds',
      {
        duration: 120,
        segments: [
          { start: 0, end: 60, text: 'Hi there' },
          { start: 60, end: 121, text: 'Bye now' },
        ],
      },
      [
        [0, 60],
        [60, 121],
      ],
    ],
    [
      'a length in milliseconds beside an end',
      { segments: [{ start: 500, end: 2500, duration_ms: 2000, text: 'Hi' }] },
      [[0.5, 2.5]],
    ],
  ])('is what the document says: %s', (_name, document, times) => {
    const { segments, warnings } = read('JSON', JSON.stringify(document));
    expect(segments.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual(times);
    expect(warnings.count).toBe(0);
  });

  it('is milliseconds also of few pieces, if these are sentences, and told', () => {
    const pieces = [
      { start: 0, end: 2100, ...said },
      { start: 2300, end: 4400, ...answered },
    ];
    for (const document of [pieces, { segments: pieces }]) {
      const { segments, warnings } = read('JSON', JSON.stringify(document));
      expect(segments[0]).toMatchObject({ startSeconds: 0, endSeconds: 2.1 });
      expect(warnings.list).toMatchObject([{ message: expect.stringContaining('times were read as milliseconds') }]);
    }
  });

  it.each<[string, [number, number, string][]]>([
    [
      'chapters',
      [
        [0, 300, 'Introduction'],
        [300, 900, 'Main topic'],
      ],
    ],
    ['one piece', [[0, 100, 'One.']]],
    [
      'long chapters',
      [
        [0, 1800, 'Introduction of the guests'],
        [1800, 5400, 'Main topic'],
      ],
    ],
    ['what is said once in an hour', [[0, 3600, 'Thank you.']]],
    ['many short chapters', [0, 1, 2, 3, 4, 5].map((index) => [300 * index, 300 * index + 300, 'פרק'])],
    [
      'music',
      [0, 1, 2, 3, 4, 5, 6].map((index) => [
        3000 * index,
        3000 * index + (index % 3 ? 900 : 2),
        index % 3 ? '[Music]' : 'One two three four',
      ]),
    ],
  ])('is in seconds where nothing says more: %s', (_name, pieces) => {
    const segments = pieces.map(([start, end, text]) => ({ start, end, text }));
    for (const document of [segments, { segments }]) {
      const found = read('JSON', JSON.stringify(document));
      expect(found.segments.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual(
        pieces.map(([start, end]) => [start, end]),
      );
      expect(found.warnings.count).toBe(0);
    }
  });

  it('may be a number that JSON has not', () => {
    const source =
      '{"segments":[{"start":0,"end":NaN,"text":"it is \\"NaN\\" here","avg_logprob":-Infinity,"words":[]},{"start":Infinity,"end":4,"text":"and there"}]}';
    const { segments, warnings } = read('JSON', source);
    expect(segments).toMatchObject([
      { startSeconds: 0, text: 'it is "NaN" here', confidence: null },
      { text: 'and there', endSeconds: 4 },
    ]);
    expect(warnings.list).toMatchObject([{ line: null, message: expect.stringContaining('segments[1] has no start') }]);
  });

  it('costs a segment its end, its confidence or nothing', () => {
    const { segments, warnings } = json({
      segments: [
        { start: 0, end: 2, text: 'one two', confidence: null },
        { start: 3, end: 2, text: 'three four' },
        { start: 5, end: 6, text: '' },
        {},
        { start: 7, end: 1e12, text: 'five six' },
        { start: 9, end: 10, text: 'seven eight', confidence: 0.5 },
      ],
    });
    expect(segments).toMatchObject([
      { startSeconds: 0, endSeconds: 2, confidence: null },
      { startSeconds: 3, endSeconds: 3.8 },
      { startSeconds: 7, endSeconds: 7.8 },
      { startSeconds: 9, endSeconds: 10, confidence: 0.5 },
    ]);
    expect(warnings).toMatchObject({ passedOver: 0, count: 1 });
  });

  it('costs what is no segment itself, and is told', () => {
    const { segments, warnings } = json({
      segments: [null, { start: 1, end: 2, text: 'kept so' }, { start: 3, text: 7 }],
    });
    expect(segments).toMatchObject([{ text: 'kept so' }]);
    expect(warnings).toMatchObject({
      passedOver: 2,
      list: [{ message: expect.stringContaining('segments[0]') }, { message: expect.stringContaining('segments[2]') }],
    });
  });
});

describe('the JSON of recognisers', () => {
  it('whisper.cpp', () => {
    const tokens = [
      { text: '[_BEG_]', offsets: { from: 0, to: 0 }, p: 0.9 },
      { text: ' Hel', offsets: { from: 0, to: 500 }, p: 0.9 },
      { text: 'lo', offsets: { from: 500, to: 700 }, p: 0.8 },
      { text: ' you', offsets: { from: 800, to: 1500 }, p: 0.7 },
      { text: '.', offsets: { from: 1500, to: 1600 }, p: 0.7 },
    ];
    const transcription = [
      {
        timestamps: { from: '00:00:00,000', to: '00:00:02,000' },
        offsets: { from: 0, to: 2000 },
        text: ' Hello you.',
        tokens,
      },
      { offsets: { from: 2000, to: 4000 }, text: ' (speaker 1) שלום.' },
    ];
    const { segments } = json({ systeminfo: '', transcription });
    expect(segments).toMatchObject([
      {
        startSeconds: 0,
        endSeconds: 2,
        text: 'Hello you.',
        words: [
          { text: 'Hello', endSeconds: 0.7 },
          { text: 'you.', startSeconds: 0.8 },
        ],
      },
      { startSeconds: 2, endSeconds: 4, speaker: 'speaker 1', text: 'שלום.' },
    ]);
  });

  const heard = [
    word('hello', 0.1, 0.3, { punctuated_word: 'Hello', confidence: 0.9, speaker: 0 }),
    word('you', 0.4, 0.6, { punctuated_word: 'you.', confidence: null, speaker: 0 }),
    word('yes', 1, 1.2, { punctuated_word: 'Yes.', confidence: 0.8, speaker: 1 }),
  ];
  const expected = [
    { startSeconds: 0.1, endSeconds: 0.6, speaker: 'Speaker 0', text: 'Hello you.' },
    { startSeconds: 1, endSeconds: 1.2, speaker: 'Speaker 1', text: 'Yes.' },
  ];

  it('Deepgram, with utterances or without', () => {
    const channels = [{ alternatives: [{ transcript: '…', words: heard }] }];
    const utterances = [
      { start: 0.1, end: 0.6, transcript: 'Hello you.', speaker: 0, words: heard.slice(0, 2) },
      { start: 1, end: 1.2, transcript: 'Yes.', speaker: 1, words: heard.slice(2) },
    ];
    expect(json({ metadata: {}, results: { channels } }).segments).toMatchObject(expected);
    expect(json({ metadata: {}, results: { channels, utterances } }).segments).toMatchObject(expected);
  });

  it('Deepgram, with a channel for each speaker', () => {
    const strip = ({ speaker: _speaker, ...rest }: (typeof heard)[0] & { speaker?: number }) => rest;
    const channels = [heard.slice(0, 2), heard.slice(2)].map((words) => ({
      alternatives: [{ words: words.map(strip) }],
    }));
    expect(json({ results: { channels } }).segments).toMatchObject(expected);
  });

  it('AssemblyAI, in milliseconds, with utterances or without', () => {
    const words = heard.map(({ punctuated_word, start, end, speaker }) => ({
      text: punctuated_word,
      start: Number(start) * 1000,
      end: Number(end) * 1000,
      speaker: 'AB'[speaker as number],
    }));
    const utterances = [
      { start: 100, end: 600, text: 'Hello you.', speaker: 'A', words: words.slice(0, 2) },
      { start: 1000, end: 1200, text: 'Yes.', speaker: 'B', words: [] },
    ];
    const named = expected.map((segment, index) => ({ ...segment, speaker: 'AB'[index] }));
    expect(json({ id: 'x', utterances, words }).segments).toMatchObject(named);
    expect(json({ id: 'x', utterances: null, words }).segments).toMatchObject(named);
    expect(json({ id: 'x', utterances, words }).segments[1]?.words).toMatchObject([{ text: 'Yes.', startSeconds: 1 }]);
  });

  it('Transformers', () => {
    const chunks = [
      { text: ' one two', timestamp: [0, 2.5] },
      { text: ' three four', timestamp: [2.5, null] },
    ];
    expect(json({ text: '…', chunks }).segments).toMatchObject([
      { endSeconds: 2.5 },
      { startSeconds: 2.5, endSeconds: 3.3 },
    ]);
  });

  it('Podcasting 2.0 with times as texts', () => {
    const segments = [{ speaker: '\u200fנועה', startTime: '0.5', endTime: '00:00:02.000', body: 'שלום לך' }];
    expect(turnsOf('JSON', JSON.stringify({ version: '1.0.0', segments }))).toEqual([['נועה', 'שלום לך']]);
    expect(json({ segments }).segments).toMatchObject([{ startSeconds: 0.5, endSeconds: 2 }]);
  });
});
