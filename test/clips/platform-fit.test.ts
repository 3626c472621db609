import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPlatformFit } from '#domain/episodes/clips/platform-fit.ts';
import { CLIP_SECONDS, clipSecondsFor, platformLimits } from '#domain/episodes/clips/platforms.ts';
import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { anyPlatform, anySentences } from './sentence-arbitraries.ts';

const tenSeconds: Sentence[] = Array.from({ length: 20 }, (_, index) => ({
  text: 'Ten seconds.',
  startSeconds: index * 10,
  endSeconds: index * 10 + 10,
  speaker: null,
}));

describe('platformFit', () => {
  it('says yes to a clip of an allowed length', () => {
    expect(checkPlatformFit(3, 33, 'TIKTOK', tenSeconds)).toEqual({
      fits: true,
      reason: null,
      suggestedStartSeconds: null,
      suggestedEndSeconds: null,
    });
  });

  it('says why not, and offers the nearest whole sentences', () => {
    expect(checkPlatformFit(41, 49, 'X', tenSeconds)).toEqual({
      fits: false,
      reason: 'At 8.0 s the clip is too short: X clips take 12 to 60 s.',
      suggestedStartSeconds: 40,
      suggestedEndSeconds: 60,
    });
    expect(checkPlatformFit(12, 108, 'LINKEDIN', tenSeconds)).toMatchObject({
      reason: expect.stringContaining('too long'),
      suggestedStartSeconds: 10,
      suggestedEndSeconds: 70,
    });
  });

  it('offers nothing where there is nothing', () => {
    expect(checkPlatformFit(0, 5, 'X', [])).toMatchObject({
      fits: false,
      suggestedStartSeconds: null,
      suggestedEndSeconds: null,
    });
  });

  it('offers edges as near as any that are allowed', () => {
    const edges = fc.tuple(
      fc.double({ min: -50, max: 400, noNaN: true }),
      fc.double({ min: -50, max: 400, noNaN: true }),
    );
    fc.assert(
      fc.property(anySentences, anyPlatform, edges, (sentences, platform, [start, end]) => {
        const fit = checkPlatformFit(start, end, platform, sentences);
        const nearest = fit.fits ? null : leastDistance(start, end, platform, sentences);
        if (nearest === null) expect(fit.suggestedStartSeconds).toBeNull();
        else
          expect(distance(fit.suggestedStartSeconds ?? NaN, fit.suggestedEndSeconds ?? NaN, start, end)).toBeCloseTo(
            nearest,
            6,
          );
      }),
      { numRuns: 500 },
    );
  });

  function leastDistance(
    start: number,
    end: number,
    platform: keyof typeof platformLimits,
    sentences: Sentence[],
  ): number | null {
    const { minSeconds, maxSeconds } = clipSecondsFor(platform);
    const distances = sentences.flatMap((first, index) =>
      sentences
        .slice(index)
        .filter(
          (last) =>
            last.endSeconds - first.startSeconds >= minSeconds && last.endSeconds - first.startSeconds <= maxSeconds,
        )
        .map((last) => distance(first.startSeconds, last.endSeconds, start, end)),
    );
    return distances.length > 0 ? Math.min(...distances) : null;
  }

  function distance(aStart: number, aEnd: number, bStart: number, bEnd: number): number {
    return 2 * Math.abs(aStart - bStart) + Math.abs(aEnd - bEnd);
  }
});

it('every platform takes clips of ours, and its ideal lengths are among them', () => {
  for (const { accepted, ideal } of Object.values(platformLimits)) {
    expect(accepted.minSeconds).toBeLessThanOrEqual(ideal.minSeconds);
    expect(accepted.maxSeconds).toBeGreaterThanOrEqual(ideal.maxSeconds);
    expect(ideal.minSeconds).toBeGreaterThanOrEqual(CLIP_SECONDS.minSeconds);
    expect(ideal.maxSeconds).toBeLessThanOrEqual(CLIP_SECONDS.maxSeconds);
  }
});
