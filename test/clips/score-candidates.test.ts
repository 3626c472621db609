import { describe, expect, it } from 'vitest';
import { genreWeights } from '#domain/episodes/clips/genre-weights.ts';
import { scoreCandidates } from '#domain/episodes/clips/score-candidates.ts';
import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';

const search = { genre: 'GENERAL', platforms: ['TIKTOK', 'LINKEDIN'] } as const;

describe('scoring', () => {
  it('tells how far it is, never less than before, and ends with 1', () => {
    const fractions: number[] = [];
    scoreCandidates(talk(5000), search, (fraction) => fractions.push(fraction));
    expect(fractions.length).toBeGreaterThan(10);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('takes time in proportion to the sentences, also where they all share one moment', {
    timeout: 180_000,
  }, async () => {
    const now = (sentences: Sentence[]) =>
      sentences.map((sentence) => ({ ...sentence, startSeconds: 1, endSeconds: 1 }));
    await cpuSecondsOfScoring(talk(2000));
    const [few, many, crowded] = [
      await cpuSecondsOfScoring(talk(10_000)),
      await cpuSecondsOfScoring(talk(50_000)),
      await cpuSecondsOfScoring(now(talk(50_000))),
    ];
    expect(many).toBeLessThan(15 * few);
    expect(crowded).toBeLessThan(15 * few);
  });

  it('weighs the features of each genre to 1 in all', () => {
    for (const weights of Object.values(genreWeights)) {
      expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
      expect(Math.min(...Object.values(weights))).toBeGreaterThan(0);
    }
  });
});

const cpuSecondsOfScoring = (sentences: Sentence[]) => cpuSecondsOf(() => scoreCandidates(sentences, search));

function talk(count: number): Sentence[] {
  return Array.from({ length: count }, (_, index) => ({
    text: `This is sentence number ${index}, and it is about bread.`,
    startSeconds: index,
    endSeconds: index + 1,
    speaker: index % 7 < 3 ? 'Ann' : 'Bob',
  }));
}
