/** Sums over any stretch of a list in constant time: `sum(first, last)`, both included, 0 where last is before first. */
export type RangeSum = (first: number, last: number) => number;

export function createRangeSum(values: ArrayLike<number>): RangeSum {
  const before = new Float64Array(values.length + 1);
  for (let index = 0; index < values.length; index += 1)
    before[index + 1] = (before[index] ?? 0) + (values[index] ?? 0);
  return (first, last) => (last < first ? 0 : (before[last + 1] ?? 0) - (before[first] ?? 0));
}

/** Where a value stands among others: 0.5 is their mean, 0 and 1 are two standard deviations from it and beyond. */
export type ScoreNormalizer = (value: number) => number;

export function createScoreNormalizer(values: readonly number[]): ScoreNormalizer {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  const deviation = Math.sqrt(variance);
  return (value) => (deviation > 0 ? clampToUnit(0.5 + (value - mean) / deviation / 4) : 0.5);
}

export function clampToUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
