import { expect, it } from 'vitest';
import { read } from './support.ts';

type Times = [number, number][];

const text = 'Hello there my friend and others';
const piece = (start: number, end: number, more: object = {}) => ({ start, end, text, ...more });
const titles = (...times: Times) => times.map(([start, end]) => ({ start, end, text: 'Intro' }));
const sentence = (start_time: number, end_time: number) => ({ start_time, end_time, text, speaker_name: 'Ann' });

const timesOf = (document: object) =>
  read('JSON', JSON.stringify(document)).segments.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);

const ofFireflies = { duration: 45.5, sentences: [sentence(90.5, 94.7), sentence(2600.1, 2650.2)] };
const timesOfFireflies: Times = [
  [90.5, 94.7],
  [2600.1, 2650.2],
];
const hour: Times = [
  [0, 1300],
  [1300, 2700],
];
const tenMinutes: Times = [
  [0, 310],
  [310, 600],
];

it.each<[string, object, Times]>([
  ['minutes with decimals', ofFireflies, timesOfFireflies],
  ['minutes, in an answer', { data: { transcript: ofFireflies } }, timesOfFireflies],
  ['minutes', { duration: 45, segments: titles(...hour) }, hour],
  ['hours', { duration: 0.75, segments: titles(...hour) }, hour],
  [
    'hours, of chapters',
    { duration: 0.3, segments: titles([0, 500], [500, 1080]) },
    [
      [0, 500],
      [500, 1080],
    ],
  ],
  ['how long it took', { metadata: { duration: 12.5 }, segments: titles(...tenMinutes) }, tenMinutes],
  [
    'how long it took, in a second',
    { duration: 1, segments: titles([0, 300], [300, 600]) },
    [
      [0, 300],
      [300, 600],
    ],
  ],
  [
    'a clip',
    { duration: 30, segments: titles([0, 700], [700, 1200]) },
    [
      [0, 700],
      [700, 1200],
    ],
  ],
  [
    'a clip of slow speech',
    { duration: 2, segments: [piece(0, 10), piece(10, 1900)] },
    [
      [0, 10],
      [10, 1900],
    ],
  ],
  [
    'how long it took, beside decimals',
    { metadata: { duration: 2 }, segments: [piece(0.5, 20), piece(20, 41.2)] },
    [
      [0.5, 20],
      [20, 41.2],
    ],
  ],
  ['that of one word', { metadata: { duration: 3 }, words: [{ word: 'Hi', start: 70.2, end: 70.9 }] }, [[70.2, 70.9]]],
  ['a few seconds of words', { duration: 1, words: [{ word: 'Hi', start: 600, end: 601 }] }, [[600, 601]]],
])('the duration of a recording does not make seconds milliseconds: %s', (_name, document, times) => {
  expect(timesOf(document)).toEqual(times);
});

it.each<[string, object, number]>([
  ['few', { start_ms: 2000, duration: 3 }, 5],
  ['few, beside startMs', { startMs: 2000, duration: 3 }, 5],
  ['a minute', { start_ms: 2000, dur: 60 }, 62],
  ['ten minutes', { start_ms: 2000, duration: 600 }, 602],
  ['decimals', { start_ms: 2000, duration: 2.5 }, 4.5],
  ['what can be milliseconds', { start_ms: 2000, duration: 1500 }, 3.5],
  ['what can be milliseconds, beside startMs', { startMs: 2000, duration: 640 }, 2.64],
])('a duration beside a start in milliseconds counts seconds if nobody speaks so fast: %s', (_name, fields, end) => {
  expect(timesOf([{ ...fields, text }])).toEqual([[2, end]]);
});

it.each<[string, object[], Times]>([
  [
    'null',
    Array.from({ length: 6 }, (_, at) => piece(at, at + 1, { duration_ms: null })),
    Array.from({ length: 6 }, (_, at): [number, number] => [at, at + 1]),
  ],
  ['empty', [piece(0.2, 0.9, { durationMs: '' })], [[0.2, 0.9]]],
  ['a text', [piece(0, 1, { durationMs: '1' })], [[0, 1]]],
  ['no number', [piece(0, 1, { duration_ms: false })], [[0, 1]]],
  ['one', [piece(0, 1, { duration_ms: 1 })], [[0, 1]]],
  ['seconds', [piece(0, 30, { duration_ms: 30 })], [[0, 30]]],
  ['decimals', [piece(0.5, 30.5, { duration_ms: 30 })], [[0.5, 30.5]]],
  [
    'one of many',
    [piece(0, 900, { duration_ms: 900 }), piece(900, 2000), piece(2000, 3000)],
    [
      [0, 900],
      [900, 2000],
      [2000, 3000],
    ],
  ],
])('a length in milliseconds that is none says no unit: %s', (_name, segments, times) => {
  expect(timesOf({ segments })).toEqual(times);
});

const estimated = (said: object) => timesOf([{ start: 0, ...said }]);

it.each<[string, Record<string, string>, number]>([
  ['characters of a content', { content: text }, 32],
  ['characters of a sentence', { sentence: text }, 32],
  ['characters of a value', { value: text }, 32],
  ['words', { text }, 6],
  ['code points', { text: 'שלום 😀 לכם' }, 10],
  ['bytes', { text: 'שלום לכם' }, 15],
  ['letters', { text }, 27],
])('a length of a text is no duration: %s', (_name, said, length) => {
  expect(estimated({ ...said, length })).toEqual(estimated(said));
});

it.each<[string, { start: number; end: number; text: string; speaker?: string }[]]>([
  ['one', [{ start: 0, end: 900, speaker: 'A', text: 'Music and intro.' }]],
  ['one of a quarter of an hour', [{ start: 7, end: 907, text: 'Music and intro.' }]],
  ['one in Hebrew', [{ start: 0, end: 1000, speaker: 'דנה', text: 'מוזיקה ופתיחה.' }]],
  [
    'one, after a sound',
    [
      { start: 0, end: 900, text: '[Music]' },
      { start: 900, end: 1800, text: 'Music and intro.' },
    ],
  ],
  [
    'chapters of whole minutes',
    [
      { start: 0, end: 900, text: 'Music and intro.' },
      { start: 900, end: 1800, text: 'A talk with Dana.' },
    ],
  ],
  ['one with words', [{ start: 3, end: 1203, speaker: 'A', text: 'Thank you for coming.' }]],
])('few pieces stay in seconds: %s', (_name, segments) => {
  expect(timesOf({ segments })).toEqual(segments.map(({ start, end }) => [start, end]));
});
