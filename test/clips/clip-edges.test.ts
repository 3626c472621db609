import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredFeatures } from '#domain/episodes/clips/clip-features.ts';
import { followClips } from '#domain/episodes/clips/follow-clips.ts';
import { clipSecondsFor } from '#domain/episodes/clips/platforms.ts';
import { createEdgeSnapper } from '#domain/episodes/media/snap-edges.ts';
import { encodeSegmentRows } from '#domain/episodes/transcripts/segments/rows.ts';
import type { ParsedSegment, TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import type { Platform } from '#generated/prisma/enums.ts';
import { anyPlatform } from './sentence-arbitraries.ts';

function expectLength({ startSeconds, endSeconds }: TimeRange, platform: Platform): void {
  const { minSeconds, maxSeconds } = clipSecondsFor(platform);
  const milliseconds = Math.round((endSeconds - startSeconds) * 1_000);
  expect(milliseconds).toBeGreaterThanOrEqual(minSeconds * 1_000);
  expect(milliseconds).toBeLessThanOrEqual(maxSeconds * 1_000);
}

/** Pauses of some tenths of a second, in order. */
const anySilences = fc
  .array(fc.tuple(fc.double({ min: 0.05, max: 3, noNaN: true }), fc.double({ min: 0.2, max: 1, noNaN: true })), {
    minLength: 40,
    maxLength: 80,
  })
  .map((steps) => {
    let clock = 0;
    return steps.map(([speech, pause]) => {
      const startSeconds = clock + speech;
      clock = startSeconds + pause;
      return { startSeconds, endSeconds: clock };
    });
  });

const anyClip = fc
  .record({
    platform: anyPlatform,
    startSeconds: fc.double({ min: 0, max: 30, noNaN: true }),
    seconds: fc.constantFrom(12, 12.1, 12.5, 40, 59.5, 59.9, 60),
  })
  .map(({ seconds, ...clip }) => ({ ...clip, endSeconds: clip.startSeconds + seconds }));

describe('the edges of a clip', () => {
  it('move into pauses by 0.4 s at most, and to no length that its platform does not take', () => {
    fc.assert(
      fc.property(anyClip, anySilences, (clip, silences) => {
        const moved = createEdgeSnapper(silences)(clip);
        expectLength(moved, clip.platform);
        expect(Math.abs(moved.startSeconds - clip.startSeconds)).toBeLessThan(0.402);
        expect(Math.abs(moved.endSeconds - clip.endSeconds)).toBeLessThan(0.402);
      }),
      { numRuns: 300 },
    );
  });

  it('follow their words into another transcript, and to no length that its platform does not take', () => {
    const segments = (pace: number): ParsedSegment[] =>
      Array.from({ length: 40 }, (_, index) => ({
        startSeconds: index * 4 * pace,
        endSeconds: (index + 1) * 4 * pace,
        text: `Letter ${index} was sent to house ${index * 7} by the baker of street ${index * 13}.`,
        speaker: null,
        confidence: null,
        words: null,
      }));
    const pages = [new TextEncoder().encode(JSON.stringify(segments(1)))];
    const anyPlace = fc.record({
      platform: anyPlatform,
      pace: fc.double({ min: 0.8, max: 1.24, noNaN: true }),
      first: fc.integer({ min: 0, max: 10 }),
      sentences: fc.integer({ min: 3, max: 15 }),
    });
    let found = 0;
    fc.assert(
      fc.property(anyPlace, ({ platform, pace, first, sentences }) => {
        const [startSeconds, endSeconds] = [first * 4, (first + sentences) * 4];
        const clip = { id: 'a', platform, genre: 'GENERAL', title: 'A', startSeconds, endSeconds } as const;
        const change = { rows: encodeSegmentRows(segments(pace)) };
        const { clips } = followClips({ pages, change, clips: [{ ...clip, features: {} as StoredFeatures }] });
        for (const followed of clips) {
          expectLength(followed, platform);
          if (followed.found) found += 1;
        }
      }),
      { numRuns: 50 },
    );
    expect(found).toBeGreaterThan(10);
  });
});
