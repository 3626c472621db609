import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import type { Platform } from '#generated/prisma/enums.ts';
import { type ClipFeatures, computeFeatures, computeSilentFeatures, roundForStorage } from './clip-features.ts';
import type { Measurements } from './measurements.ts';

/** A stretch of an episode for a platform. */
export type Cut = TimeRange & { platform: Platform };

/** What a cut is worth: its score and features are 0 to 1. */
export type CutScore = { score: number; features: ClipFeatures };

/** A cut with the weights of its score. */
export type WeightedCut = Cut & { weights: ClipFeatures };

/** A stored clip that is to be scored, and one that was. */
export type ClipToScore = WeightedCut & { id: string };
export type ScoredClip = ClipToScore & CutScore;

/** Scores a cut, by the sentences that it has. */
export function scoreCut(episode: Measurements, cut: WeightedCut): CutScore {
  const said = findSentences(episode.sentences, cut);
  if (!said) return scoreSilentCut(cut);
  return weigh(computeFeatures(episode, cut.platform, said.first, said.last, secondsOf(cut)), cut.weights);
}

/** Scores a cut in which nothing is said, for which no episode needs to be measured. */
export function scoreSilentCut(cut: WeightedCut): CutScore {
  return weigh(computeSilentFeatures(cut.platform, secondsOf(cut)), cut.weights);
}

const secondsOf = ({ startSeconds, endSeconds }: TimeRange) => endSeconds - startSeconds;

function weigh(features: ClipFeatures, weights: ClipFeatures): CutScore {
  const names = Object.keys(features) as (keyof ClipFeatures)[];
  return { features, score: roundForStorage(names.reduce((sum, name) => sum + weights[name] * features[name], 0)) };
}

/**
 * Finds the sentences that have their middle in a stretch; if there are none, those of which it has any part. Null if nothing is said in
 * it.
 */
export function findSentences(
  sentences: readonly Sentence[],
  { startSeconds, endSeconds }: TimeRange,
): { first: number; last: number } | null {
  const rangeOf = (isIn: (sentence: Sentence) => boolean) => {
    const first = sentences.findIndex(isIn);
    return first < 0 ? null : { first, last: sentences.findLastIndex(isIn) };
  };
  const middleOf = (sentence: Sentence) => (sentence.startSeconds + sentence.endSeconds) / 2;
  return (
    rangeOf((sentence) => middleOf(sentence) >= startSeconds && middleOf(sentence) <= endSeconds) ??
    rangeOf((sentence) => sentence.startSeconds < endSeconds && sentence.endSeconds > startSeconds)
  );
}
