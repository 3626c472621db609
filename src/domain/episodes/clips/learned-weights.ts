import type { ClipFeatures, FeatureName } from './clip-features.ts';

/** What somebody thought of a clip, by the features that it had then. */
export type Verdict = { features: ClipFeatures; liked: boolean };

/** By how much each feature counts more (above 1) or less than its genre has it. */
export type WeightFactors = ClipFeatures;

/** Nothing shifts before: among fewer, chance decides. */
const MIN_VERDICTS = 20;
/** The newest that are looked at: what somebody liked years ago says little. */
export const MAX_VERDICTS = 500;

/** No weight moves by more than this share of itself, whatever somebody likes. */
export const MAX_SHIFT = 0.2;

/** L2 penalty of each coefficient: with twenty verdicts, about as much as ten of them. */
const RIDGE = 0.5;
/** Steps of gradient descent, after which it stands still for features of variance 1. */
const STEPS = 300;
const RATE = 0.5;

/**
 * Learns what somebody likes: the coefficients of a logistic regression (Cox 1958; L2, on standardized features) of whether they liked a
 * clip, each as a factor 1 ± MAX_SHIFT · tanh(coefficient). A feature that says nothing about it keeps its weight, and the same verdicts
 * give the same factors. Null where there are fewer than MIN_VERDICTS, or all are alike.
 */
export function learnFactors(verdicts: readonly Verdict[]): WeightFactors | null {
  const liked = verdicts.filter((verdict) => verdict.liked).length;
  if (verdicts.length < MIN_VERDICTS || liked === 0 || liked === verdicts.length) return null;
  const names = Object.keys((verdicts[0] as Verdict).features).sort() as FeatureName[];
  const rows = standardize(verdicts.map(({ features }) => names.map((name) => features[name])));
  const coefficients = regress(
    rows,
    verdicts.map((verdict) => Number(verdict.liked)),
  );
  const factors = names.map((name, index) => [name, round(1 + MAX_SHIFT * Math.tanh(coefficients[index] ?? 0))]);
  return Object.fromEntries(factors) as WeightFactors;
}

/** Returns the weights of a genre as somebody likes them; they sum to 1, as those of the genre do. */
export function applyFactors(weights: ClipFeatures, factors: WeightFactors): ClipFeatures {
  const shifted = (Object.keys(weights) as FeatureName[]).map(
    (name) => [name, weights[name] * (factors[name] ?? 1)] as const,
  );
  const sum = shifted.reduce((total, [, weight]) => total + weight, 0);
  return Object.fromEntries(shifted.map(([name, weight]) => [name, round(weight / sum)])) as ClipFeatures;
}

/** Gives every column the mean 0 and the variance 1; one that is always the same is 0. */
function standardize(rows: readonly number[][]): number[][] {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? 0));
  const scales = columns.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(variance) };
  });
  return rows.map((row) =>
    row.map((value, column) => {
      const { mean = 0, deviation = 0 } = scales[column] ?? {};
      return deviation > 1e-6 ? (value - mean) / deviation : 0;
    }),
  );
}

/** Returns the coefficients of the columns, by gradient descent on the mean loss with its penalty. */
function regress(rows: readonly number[][], targets: readonly number[]): number[] {
  const width = rows[0]?.length ?? 0;
  const coefficients: number[] = Array(width).fill(0);
  let intercept = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const errors = rows.map((row, index) => {
      const sum = row.reduce((total, value, column) => total + value * (coefficients[column] ?? 0), intercept);
      return 1 / (1 + Math.exp(-sum)) - (targets[index] ?? 0);
    });
    intercept -= (RATE * errors.reduce((sum, error) => sum + error, 0)) / rows.length;
    for (let column = 0; column < width; column += 1) {
      const slope = rows.reduce((sum, row, index) => sum + (errors[index] ?? 0) * (row[column] ?? 0), 0);
      const own = coefficients[column] ?? 0;
      coefficients[column] = own - (RATE * (slope + RIDGE * own)) / rows.length;
    }
  }
  return coefficients;
}

const round = (value: number) => Math.round(value * 10_000) / 10_000;
