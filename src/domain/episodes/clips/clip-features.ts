import type { Platform } from '#generated/prisma/enums.ts';
import { completeness } from './features/completeness.ts';
import { fluency } from './features/fluency.ts';
import { hook } from './features/hook.ts';
import { keywordSalience } from './features/keyword-salience.ts';
import { lengthFit } from './features/length-fit.ts';
import { questionOrNumber } from './features/question-or-number.ts';
import { sentimentSwing } from './features/sentiment-swing.ts';
import { speakerExchange } from './features/speaker-exchange.ts';
import { speechRate } from './features/speech-rate.ts';
import { type Measurements, secondsBetween } from './measurements.ts';

/**
 * What a clip is judged by, apart from its platform: each feature is 0 to 1, more is better, and takes constant time.
 */
const contentFeatures = {
  hook,
  questionOrNumber,
  sentimentSwing,
  speechRate,
  speakerExchange,
  completeness,
  fluency,
  keywordSalience,
};

/** The features that a clip is scored by: contentFeatures, and how its length fits its platform. */
export type FeatureName = keyof typeof contentFeatures | 'lengthFit';

/** One number for each feature: its value, 0 to 1, or its weight. */
export type ClipFeatures = Record<FeatureName, number>;

/** The features of a clip as they are stored, with the weights that its score was made with where its owner's feedback has shifted them. */
export type StoredFeatures = ClipFeatures & { weights?: AppliedWeights };

/** Weights that sum to 1, and which version of what was learned of their owner they are. */
export type AppliedWeights = ClipFeatures & { version: number };

const contentEntries = Object.entries(contentFeatures);

/** Returns the weighted sum of the features of sentences `first` to `last` that are the same on every platform. */
export function scoreContent(episode: Measurements, weights: ClipFeatures, first: number, last: number): number {
  let score = 0;
  for (const [name, feature] of contentEntries) score += weights[name as FeatureName] * feature(episode, first, last);
  return score;
}

/**
 * Returns all features of the clip of sentences `first` to `last` by name, rounded as they are stored; `seconds` is its length, where its
 * edges are not those of its sentences.
 */
export function computeFeatures(
  episode: Measurements,
  platform: Platform,
  first: number,
  last: number,
  seconds = secondsBetween(episode.sentences, first, last),
): ClipFeatures {
  const content = contentEntries.map(
    ([name, feature]) => [name, roundForStorage(feature(episode, first, last))] as const,
  );
  return { ...Object.fromEntries(content), lengthFit: roundForStorage(lengthFit(platform, seconds)) } as ClipFeatures;
}

/** Returns the features of a clip in which nothing is said: only its length speaks for it. */
export function computeSilentFeatures(platform: Platform, seconds: number): ClipFeatures {
  const content = contentEntries.map(([name]) => [name, 0] as const);
  return { ...Object.fromEntries(content), lengthFit: roundForStorage(lengthFit(platform, seconds)) } as ClipFeatures;
}

/** Rounds to the four decimals that scores and features are stored with. */
export function roundForStorage(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
