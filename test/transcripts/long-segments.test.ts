import { describe, expect, it } from 'vitest';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import type { ParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import { MAX_SEGMENT_LENGTH } from '#domain/episodes/transcripts/segments/split-long.ts';

const read = (segment: object) => parseTranscript('JSON', JSON.stringify([{ start: 10, end: 110, ...segment }]));
const joined = (segments: ParsedSegment[], separator: string) => segments.map(({ text }) => text).join(separator);

/** They are short enough, and follow each other from 10 to 110 s. */
function expectPieces(segments: ParsedSegment[]): void {
  let clock = 10;
  for (const { text, startSeconds, endSeconds } of segments) {
    expect(text.length).toBeLessThanOrEqual(MAX_SEGMENT_LENGTH);
    expect(text.isWellFormed()).toBe(true);
    expect(startSeconds).toBeGreaterThanOrEqual(clock);
    expect(endSeconds).toBeGreaterThan(startSeconds);
    clock = endSeconds;
  }
  expect(clock).toBe(110);
}

describe('a segment that is too long', () => {
  it('is split between words, each piece with its part of the time', () => {
    const text = Array.from({ length: 10_000 }, (_, index) => `word${index}`).join(' ');
    const pieces = read({ text });
    expect(pieces).toHaveLength(Math.ceil(text.length / MAX_SEGMENT_LENGTH));
    expectPieces(pieces);
    expect(joined(pieces, ' ')).toBe(text);
  });

  it('is split within a word that is too long itself, and never within a character', () => {
    const text = `a${'😀'.repeat(MAX_SEGMENT_LENGTH)}`;
    const pieces = read({ text });
    expectPieces(pieces);
    expect(joined(pieces, '')).toBe(text);
  });

  it('keeps the times of its words', () => {
    const words = Array.from({ length: 5_000 }, (_, index) => ({
      word: `word${index}`,
      start: (500 + index) / 50,
      end: (501 + index) / 50,
    }));
    const pieces = read({ text: words.map(({ word }) => word).join(' '), words });
    expectPieces(pieces);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.flatMap((piece) => piece.words ?? []).map(({ text, startSeconds }) => [text, startSeconds])).toEqual(
      words.map(({ word, start }) => [word, start]),
    );
    for (const { text, words } of pieces) expect(words?.map((word) => word.text).join(' ')).toBe(text);
  });

  it('of one long timed word is split, too', () => {
    const word = 'x'.repeat(2.5 * MAX_SEGMENT_LENGTH);
    const pieces = read({ text: word, words: [{ word, start: 10, end: 110 }] });
    expect(joined(pieces, '')).toBe(word);
    expect(pieces.map(({ text, words }) => [text.length, words?.length])).toEqual([
      [MAX_SEGMENT_LENGTH, 1],
      [MAX_SEGMENT_LENGTH, 1],
      [MAX_SEGMENT_LENGTH / 2, 1],
    ]);
  });

  it('is left alone where it just fits', () => {
    expect(read({ text: 'x'.repeat(MAX_SEGMENT_LENGTH) })).toHaveLength(1);
  });
});
