import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClipFeatures } from '#domain/episodes/clips/clip-features.ts';
import { genreWeights } from '#domain/episodes/clips/genre-weights.ts';
import { applyFactors, learnFactors, MAX_SHIFT, type Verdict } from '#domain/episodes/clips/learned-weights.ts';

const NAMES = Object.keys(genreWeights.GENERAL) as (keyof ClipFeatures)[];

/** Verdicts of somebody who likes what has a hook, whatever else it has. */
function hooked(count: number): Verdict[] {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) / 0x7fffff;
  };
  return Array.from({ length: count }, (_, index) => {
    const features = Object.fromEntries(NAMES.map((name) => [name, random()])) as ClipFeatures;
    return { features: { ...features, hook: index % 2 }, liked: index % 2 === 1 };
  });
}

describe('learned weights', () => {
  it('give more to what was liked, and little to what has nothing to do with it', () => {
    const factors = learnFactors(hooked(40)) as ClipFeatures;
    expect(factors.hook).toBeGreaterThan(1.05);
    for (const name of NAMES) if (name !== 'hook') expect(factors[name]).toBeLessThan(factors.hook);
    const weights = applyFactors(genreWeights.GENERAL, factors);
    expect(weights.hook).toBeGreaterThan(genreWeights.GENERAL.hook);
    expect(learnFactors(hooked(40))).toEqual(factors);
  });

  it('need twenty verdicts, of both kinds', () => {
    expect(learnFactors(hooked(19))).toBeNull();
    expect(learnFactors(hooked(20))).not.toBeNull();
    expect(learnFactors(hooked(40).map((verdict) => ({ ...verdict, liked: true })))).toBeNull();
  });

  it('never shift by more than their bound, and sum to 1', () => {
    const features = fc.record(
      Object.fromEntries(NAMES.map((name) => [name, fc.double({ min: 0, max: 1, noNaN: true })])),
    );
    const verdict = fc.record({ features, liked: fc.boolean() }) as fc.Arbitrary<Verdict>;
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 20, maxLength: 40 }), (verdicts) => {
        const factors = learnFactors(verdicts);
        if (!factors) return;
        for (const name of NAMES) expect(Math.abs(factors[name] - 1)).toBeLessThanOrEqual(MAX_SHIFT);
        const weights = Object.values(applyFactors(genreWeights.NEWS, factors));
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
      }),
      { numRuns: 30 },
    );
  });
});
