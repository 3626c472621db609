/** Returns the sum of a list from `first` to `last`, both included, in constant time; 0 where last is before first. */
export type RangeSum = (first: number, last: number) => number;

/** Prepares sums over ranges of a list, from the sums of its prefixes; takes linear time. */
export function createRangeSum(values: ArrayLike<number>): RangeSum {
  const before = new Float64Array(values.length + 1);
  for (let index = 0; index < values.length; index += 1)
    before[index + 1] = (before[index] ?? 0) + (values[index] ?? 0);
  return (first, last) => (last < first ? 0 : (before[last + 1] ?? 0) - (before[first] ?? 0));
}

/** Returns a value's normalized score, 0 to 1. */
export type ScoreNormalizer = (value: number) => number;

/** Standard deviations below and above the mean that are told apart: 95 % of a normal distribution are within two. */
const MAX_DEVIATIONS = 2;

/**
 * Prepares the normalized score of a value among others: its standard score, with the mean at 0.5 and MAX_DEVIATIONS
 * from it or more at 0 and 1. Where all the others are equal, or there are none, every value scores 0.5.
 */
export function createScoreNormalizer(values: readonly number[]): ScoreNormalizer {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  const deviation = Math.sqrt(variance);
  return (value) => (deviation > 0 ? clampToUnit(0.5 + (value - mean) / deviation / (2 * MAX_DEVIATIONS)) : 0.5);
}

/** Returns the nearest value from 0 to 1. */
export function clampToUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
