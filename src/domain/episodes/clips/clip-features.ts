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
import type { Measurements } from './measurements.ts';

/** What a clip is judged by, apart from its platform. Each is 0 to 1, more is better, in constant time. */
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

export type FeatureName = keyof typeof contentFeatures | 'lengthFit';
export type ClipFeatures = Record<FeatureName, number>;

const contentEntries = Object.entries(contentFeatures);

/** The weighted sum of the features that are the same on every platform, of a clip of sentences `first` to `last`. */
export function scoreContent(episode: Measurements, weights: ClipFeatures, first: number, last: number): number {
  let score = 0;
  for (const [name, feature] of contentEntries) score += weights[name as FeatureName] * feature(episode, first, last);
  return score;
}

/** All features by name, rounded to four decimals as they are stored. */
export function computeFeatures(episode: Measurements, platform: Platform, first: number, last: number): ClipFeatures {
  const content = contentEntries.map(([name, feature]) => [name, feature(episode, first, last)] as const);
  const all = [...content, ['lengthFit', lengthFit(platform, secondsOf(episode, first, last))] as const];
  return Object.fromEntries(all.map(([name, value]) => [name, roundForStorage(value)])) as ClipFeatures;
}

export function secondsOf({ sentences }: Measurements, first: number, last: number): number {
  return (sentences[last]?.endSeconds ?? 0) - (sentences[first]?.startSeconds ?? 0);
}

export function roundForStorage(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
