import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findClips } from '#domain/episodes/clips/find-clips.ts';
import { scoreSentiment } from '#domain/episodes/clips/sentiment.ts';
import { findKeyWordsOfPages } from '#domain/episodes/transcripts/key-words.ts';
import { parseIntoRows } from '#domain/episodes/transcripts/parse-into-rows.ts';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import type { ParsedSegment, TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { countWork } from '../support/work.ts';
import { anyJsonSegment, fragment } from './arbitraries.ts';

/** Characters: more than a sentence or a segment is ever made of. */
const LENGTH = 24_000;

/** Between the 2 of linear work, where some of it comes in whole pieces, and the 4 of quadratic work. */
const MAX_GROWTH = 2.5;

const BEGINNINGS: Record<TranscriptFormat, string> = {
  SRT: '0:00 --> 9:00\n',
  VTT: 'WEBVTT\n\n00:00 --> 09:00\n',
  TEXT: 'Ann: 0:01\n',
  JSON: '',
};

/** A source of any length, made of one unit again and again. */
type Growing = { format: TranscriptFormat; source: (length: number) => string };

const unit = fc.array(fragment, { minLength: 1, maxLength: 6 }).map((fragments) => fragments.join('') || 'a');

const growingText = fc
  .record({ format: fc.constantFrom<TranscriptFormat>('SRT', 'VTT', 'TEXT'), unit, begun: fc.boolean() })
  .map(
    ({ format, unit, begun }): Growing => ({
      format,
      source: (length) => (begun ? BEGINNINGS[format] : '') + fill(unit, length),
    }),
  );

const growingJson = fc.oneof(
  anyJsonSegment.map((segment) => (length: number) => ({ segments: repeat(segment, length / 100) })),
  anyJsonSegment.map((segment) => (length: number) => ({
    segments: [
      {
        ...segment,
        start: 1,
        text: fill('a, b ', length),
        words: repeat({ word: 'a,', start: 1, end: 2 }, length / 5),
      },
    ],
  })),
  anyJsonSegment.map(({ words }) => (length: number) => ({
    words: (words ?? []).flatMap((word) => repeat(word, length / 50)),
  })),
  unit.map((text) => (length: number) => [{ start: 0, end: 9, text: fill(text, length) }]),
);

const growing = fc.oneof(
  growingText,
  growingJson.map((document): Growing => ({ format: 'JSON', source: (length) => JSON.stringify(document(length)) })),
);

describe('the work on a source of twice the size at most doubles', () => {
  it('to parse it into rows', () => {
    expectLinear(growing, ({ format, source }) => parseIntoRows({ format, bytes: Buffer.from(source) }));
  });

  it('to split it into sentences', () => {
    expectLinear(growing, ({ segments }) => splitIntoSentences(segments));
  });

  it('to find its key words', () => {
    expectLinear(growing, ({ pages }) => findKeyWordsOfPages({ pages, count: 10 }));
  });

  it('to find its clips', () => {
    const search = { genre: 'GENERAL', platforms: ['X', 'TIKTOK'], maxClips: 10, ownClips: [] } as const;
    // What wink-nlp does of it is bounded by the length of a sentence: test/clips/sentiment.test.ts.
    const sentiment = ({ segments }: Material) => splitIntoSentences(segments).map(({ text }) => scoreSentiment(text));
    const find = ({ pages }: Material) => findClips({ ...search, pages }, () => {});
    expectLinear(growing, find, { numRuns: 30, without: sentiment });
  });

  it.each<[string, Growing]>([
    ['one cue of many lines', { format: 'SRT', source: (length) => BEGINNINGS.SRT + fill('a\n', length) }],
    ['a word without an end', { format: 'TEXT', source: (length) => BEGINNINGS.TEXT + fill('a', length * 50) }],
    ...(
      [
        ['an event', 'Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,', 'a, '],
        ['events', '[Script Info]\n', 'Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,a {\\i1}\n'],
        ['tags without an end', '<tt>', '<p begin="1s" '],
        ['captions in XML', '<tt>', '<p begin="1s" dur="1s">a<br/>b</p>\n'],
        ['moments of SAMI', '<SAMI>', '<SYNC Start=1>a'],
        ['a cell without an end', 'start,end,text\n1,2,"', 'a""'],
        ['rows', 'start\tend\ttext\n', '1\t2\ta\n'],
        ['lines of frames', '{1}{1}25\n', '{25}{50}{y:i}a|/b\n'],
        ['blocks of code', '', '```\n0:01 --> 0:02\na\n```\nb\n'],
        ['paragraphs of HTML', '<time>0:01</time>', '<cite>Ann</cite><p>a'],
        ['paragraphs without an end', '<time>0:01</time>', '<p '],
        ['spans', '<tt><p begin="1s">', '<span begin="1s" podcasts:unit="word">a</span>'],
        ['agents', '<tt><p begin="1s">a</p>', '<ttm:agent xml:id="a">'],
        ['marks of turns', '0:01 --> 9:00\n', ' [SPEAKER_TURN] a'],
        ['tokens without an end', '0:01 --> 9:00\n', '<|a'],
        ['names after times', '', '@0:01 - Noa\na\n'],
        ['titles of chapters', 'a\n', '0:01\n1 second\na\n'],
        ['cues that begin with a name', '', '0:01 --> 0:02\nNoa\na\n'],
      ] as const
    ).map(([name, begin, unit]): [string, Growing] => [
      name,
      { format: 'SRT', source: (length) => begin + fill(unit, length) },
    ]),
    ['a column without an end', { format: 'TEXT', source: (length) => `00:00 - |${fill(' ', length)}a` }],
    ['words without an end', { format: 'TEXT', source: (length) => BEGINNINGS.TEXT + fill('a ', length * 50) }],
  ])('to parse %s', (_what, source) => {
    expectLinear(fc.constant(source), ({ format, source }) => parseIntoRows({ format, bytes: Buffer.from(source) }), {
      numRuns: 1,
    });
  });
});

/** How much work has grown, what every source takes apart. */
const growth = (before: number, after: number) => after / (before + LENGTH / 10);

type Material = { format: TranscriptFormat; source: string; segments: ParsedSegment[]; pages: Uint8Array[] };

function expectLinear(
  sources: fc.Arbitrary<Growing>,
  run: (material: Material) => unknown,
  { numRuns = 100, without = () => {} }: { numRuns?: number; without?: (material: Material) => unknown } = {},
): void {
  fc.assert(
    fc.property(sources, ({ format, source }) => {
      const workOn = (length: number) => {
        const material = prepare(format, source(length));
        return countWork(() => run(material)) - countWork(() => without(material));
      };
      const [once, twice] = [workOn(LENGTH), workOn(2 * LENGTH)];
      // Once it may grow more: where a size is the first to be read in another way.
      if (growth(once, twice) >= MAX_GROWTH) expect(growth(twice, workOn(4 * LENGTH))).toBeLessThan(MAX_GROWTH);
    }),
    { numRuns },
  );
}

function prepare(format: TranscriptFormat, source: string): Material {
  const segments = parseUnlessRefused(format, source);
  return { format, source, segments, pages: [Buffer.from(JSON.stringify(segments))] };
}

function parseUnlessRefused(format: TranscriptFormat, source: string): ParsedSegment[] {
  try {
    return parseTranscript(format, source);
  } catch {
    return [];
  }
}

const repeat = <Item>(item: Item, times: number): Item[] => Array(Math.ceil(times)).fill(item);
const fill = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length));
