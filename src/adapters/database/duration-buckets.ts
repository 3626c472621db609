/** Four buckets per doubling, so percentiles are off by at most 9 %. The last bucket begins at an hour. */
const PER_DOUBLING = 4;
const COUNT = 128;

/** Creates a histogram of durations that can be added to those of other processes. */
export const createBuckets = (): number[] => Array(COUNT).fill(0) as number[];

/** Returns the bucket of a duration. */
export function bucketOf(milliseconds: number): number {
  return Math.min(COUNT - 1, Math.floor(PER_DOUBLING * Math.log2(Math.max(1, milliseconds * 1_000))));
}

/** Returns the duration in milliseconds that a given share of all durations does not exceed; 0 if there are none. */
export function quantileOf(buckets: readonly number[], share: number): number {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [bucket, count] of buckets.entries()) {
    seen += count;
    if (count > 0 && seen >= share * total) return 2 ** ((bucket + 0.5) / PER_DOUBLING) / 1_000;
  }
  return 0;
}
