import type { Measurements } from '#domain/episodes/clips/measurements.ts';
import { clampToUnit } from '#domain/episodes/clips/statistics.ts';

/**
 * How far feeling moves: twice the standard deviation of the sentiment of its sentences, so that even parts of -0.5 and
 * 0.5 give 1. Content that stirs is shared more than content that is merely pleasant (Berger and Milkman 2012), and
 * stories live by turns of fortune (Reagan et al. 2016). Language that wink-nlp does not know is neutral: 0.
 */
export function sentimentSwing({ sentiment, sentimentSquared }: Measurements, first: number, last: number): number {
  const count = last - first + 1;
  const mean = sentiment(first, last) / count;
  const variance = Math.max(0, sentimentSquared(first, last) / count - mean * mean);
  return clampToUnit(2 * Math.sqrt(variance));
}
