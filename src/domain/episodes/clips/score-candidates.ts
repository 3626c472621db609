import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import type { Genre, Platform } from '#generated/prisma/enums.ts';
import { type CandidateWindows, findCandidateWindows } from './candidate-windows.ts';
import { type ClipFeatures, scoreContent } from './clip-features.ts';
import { lengthFit } from './features/length-fit.ts';
import { genreWeights } from './genre-weights.ts';
import { measureEpisode } from './measure-episode.ts';
import { type Measurements, secondsBetween } from './measurements.ts';
import { CLIP_SECONDS, clipSecondsFor } from './platforms.ts';

/** What clips are looked for: the genre weighs their features, unless other weights are given; a platform accepts some lengths. */
export type ClipSearch = { genre: Genre; platforms: readonly Platform[]; weights?: ClipFeatures | undefined };

/**
 * For each sentence the best candidate that begins with it: its last sentence, and its score, 0 where there is none.
 */
export type BestEnds = { last: Uint32Array; score: Float64Array };

/** What chooseClips chooses from. */
export type ScoredCandidates = { episode: Measurements; best: ReadonlyMap<Platform, BestEnds> };

/** Measuring takes four fifths of the time of scoreCandidates, on two episodes of about 1,400 sentences. */
const MEASURING_SHARE = 0.8;

/**
 * Scores the runs of whole sentences that last 12 to 60 s and that a platform takes, and keeps the best for each
 * sentence and platform. (Two that begin together overlap wholly, so only one of them could be chosen.)
 *
 * Takes O(n) time for n sentences: at most 49 ends for each beginning, constant time for each. `onProgress` gets how much
 * is done, 0 to 1, never less than before. The same input gives the same scores.
 */
export function scoreCandidates(
  sentences: readonly Sentence[],
  { genre, platforms, weights = genreWeights[genre] }: ClipSearch,
  onProgress: (done: number) => void = () => {},
): ScoredCandidates {
  const episode = measureEpisode(sentences, (measured) => onProgress(measured * MEASURING_SHARE));
  const windows = findCandidateWindows(sentences);
  const best = new Map(platforms.map((platform) => [platform, createBestEnds(sentences.length)]));
  for (const first of sentences.keys()) {
    scoreWindows(episode, windows, weights, first, best);
    onProgress(MEASURING_SHARE + ((1 - MEASURING_SHARE) * (first + 1)) / sentences.length);
  }
  return { episode, best };
}

/** Scores every candidate that begins with sentence `first`, and keeps the best of them for each platform. */
function scoreWindows(
  episode: Measurements,
  { earliestEnd, nextEnd, limit }: CandidateWindows,
  weights: ClipFeatures,
  first: number,
  best: ReadonlyMap<Platform, BestEnds>,
): void {
  const end = limit[first] ?? 0;
  for (let last = earliestEnd[first] ?? end; last < end; last = nextEnd[last] ?? end) {
    const seconds = secondsBetween(episode.sentences, first, last);
    if (seconds > CLIP_SECONDS.maxSeconds) return;
    const score = scoreContent(episode, weights, first, last);
    for (const [platform, ends] of best) {
      if (!acceptsLength(platform, seconds)) continue;
      keepBetter(ends, first, last, score + weights.lengthFit * lengthFit(platform, seconds));
    }
  }
}

function createBestEnds(length: number): BestEnds {
  return { last: new Uint32Array(length), score: new Float64Array(length) };
}

function acceptsLength(platform: Platform, seconds: number): boolean {
  const { minSeconds, maxSeconds } = clipSecondsFor(platform);
  return seconds >= minSeconds && seconds <= maxSeconds;
}

function keepBetter(ends: BestEnds, first: number, last: number, score: number): void {
  if (score <= (ends.score[first] ?? 0)) return;
  ends.last[first] = last;
  ends.score[first] = score;
}
