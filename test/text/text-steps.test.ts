import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_BEGINS, DATA_ENDS } from '#domain/text/data-block.ts';
import { stripDataLines } from '#domain/text/strip-data-lines.ts';
import { collectText, limitText, sanitizeText } from '#domain/text/text-steps.ts';
import type { TextStep } from '#domain/text/text-stream.ts';

/** What a step makes of each piece, and of the end, without what is empty. */
const run = (step: TextStep, pieces: readonly string[]): string[] =>
  [...pieces.map((piece) => step.push(piece)), step.flush()].filter((piece) => piece !== '');

const FRAGMENTS = [
  DATA_BEGINS,
  DATA_ENDS,
  '<',
  '</',
  'recalled-data',
  '>',
  '\0',
  '\ud83d',
  '\ude00',
  '😀',
  'שלום',
  ' a',
];

/** A text of what steps look for, whole and in parts, and the same text cut anywhere: between the halves of a pair too. */
const anyCutText = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 12 })
  .map((fragments) => fragments.join(''))
  .chain((text) =>
    fc.array(fc.nat({ max: text.length }), { maxLength: 8 }).map((places) => {
      const cuts = [0, ...places.sort((a, b) => a - b), text.length];
      return { text, pieces: cuts.slice(1).map((end, index) => text.slice(cuts[index], end)) };
    }),
  );

describe.each([
  ['sanitizeText', sanitizeText, (text: string) => text.replaceAll('\0', '').toWellFormed()],
  ['stripDataLines', stripDataLines, (text: string) => text.split(new RegExp(`${DATA_BEGINS}|${DATA_ENDS}`)).join('')],
  ['collectText', collectText, (text: string) => text],
  ['limitText', () => limitText(10_000, () => new Error('too long')), (text: string) => text],
])('%s', (_name, step, ofWhole) => {
  it('makes the same of a text however it is cut', () => {
    fc.assert(
      fc.property(anyCutText, ({ text, pieces }) => void expect(run(step(), pieces).join('')).toBe(ofWhole(text))),
      { numRuns: 3_000 },
    );
  });
});

describe('sanitizeText', () => {
  it.each([
    [['a\0b', '\0'], ['ab']],
    [
      ['x\ud83d', '\ude00y'],
      ['x', '😀y'],
    ],
    [
      ['x\ud83d', '\0', '\ude00y'],
      ['x', '😀y'],
    ],
    [['\ud83d'], ['\ufffd']],
    [
      ['a\ude00', 'b'],
      ['a\ufffd', 'b'],
    ],
    [['\ud83d', 'a'], ['\ufffda']],
  ])('makes %j into %j', (pieces, stored) => {
    expect(run(sanitizeText(), pieces)).toEqual(stored);
  });
});

describe('stripDataLines', () => {
  it.each([
    [
      ['One <', ' two'],
      ['One ', '< two'],
    ],
    [
      ['a', '<recalled', '-data', '>', 'b'],
      ['a', 'b'],
    ],
    [['<recalled-data', 'base>'], ['<recalled-database>']],
    [[`a${DATA_ENDS}`], ['a']],
    [['a</rec'], ['a', '</rec']],
  ])('makes %j into %j', (pieces, stripped) => {
    expect(run(stripDataLines(), pieces)).toEqual(stripped);
  });
});

describe('limitText', () => {
  it('lets so many characters pass, and ends at the first piece with more', () => {
    const { push } = limitText(3, () => new Error('too long'));
    expect([push('ab'), push('c'), push('')]).toEqual(['ab', 'c', '']);
    expect(() => push('d')).toThrow('too long');
  });
});

describe('collectText', () => {
  it('keeps what has passed', () => {
    const step = collectText();
    expect(step.collected()).toBe('');
    run(step, ['a', 'b']);
    expect(step.collected()).toBe('ab');
  });
});
