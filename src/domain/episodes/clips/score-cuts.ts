import { decodePages, type SegmentPages } from '#domain/episodes/transcripts/segments/pages.ts';
import type { ParsedSegment, TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { type Sentence, splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import type { Platform } from '#generated/prisma/enums.ts';
import { type ClipFeatures, computeFeatures, computeSilentFeatures, roundForStorage } from './clip-features.ts';
import { measureEpisode } from './measure-episode.ts';
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

/** A speaker, and what they are called instead. */
export type Renaming = { speaker: string; name: string };

/** Cuts of the transcript in `pages`, of which there may be none, as it is or with a speaker renamed. */
export type ScoreRequest = {
  pages: SegmentPages;
  cuts: readonly WeightedCut[];
  renaming?: Renaming;
};

/** Returns the scores of cuts, in their order. */
export function scoreCuts({ pages, cuts, renaming }: ScoreRequest): CutScore[] {
  const episode = measureEpisode(splitIntoSentences(renameIn(decodePages(pages), renaming)));
  return cuts.map((cut) => scoreCut(episode, cut, cut.weights));
}

function* renameIn(segments: Iterable<ParsedSegment>, renaming: Renaming | undefined): Generator<ParsedSegment> {
  for (const segment of segments)
    yield segment.speaker === renaming?.speaker ? { ...segment, speaker: renaming?.name ?? null } : segment;
}

/** Scores a cut, by the sentences that it has. */
export function scoreCut(episode: Measurements, cut: Cut, weights: ClipFeatures): CutScore {
  const { platform, startSeconds, endSeconds } = cut;
  const seconds = endSeconds - startSeconds;
  const said = findSentences(episode.sentences, cut);
  const features = said
    ? computeFeatures(episode, platform, said.first, said.last, seconds)
    : computeSilentFeatures(platform, seconds);
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
