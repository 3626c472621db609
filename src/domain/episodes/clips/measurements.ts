import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import type { RangeSum, ScoreNormalizer } from './statistics.ts';

/**
 * What is measured once in an episode, so that each feature of each candidate costs constant time. Lists have one entry
 * a sentence; sums are over sentences `first` to `last`, both included.
 */
export type Measurements = {
  sentences: readonly Sentence[];
  /** How well the first seconds of a clip that begins with the sentence hold a viewer, 0 to 1. */
  hook: Float64Array;
  /** How well a clip can begin with the sentence, 0 to 1. */
  opening: Float64Array;
  /** How well a clip can end with the sentence, 0 to 1. */
  closing: Float64Array;
  words: RangeSum;
  /** Words that are fillers. */
  fillers: RangeSum;
  /** Sentences that are questions. */
  questions: RangeSum;
  /** Sentences that name a number. */
  numbers: RangeSum;
  contentWords: RangeSum;
  /** TF-IDF weights of the content words. */
  contentWeight: RangeSum;
  /** Sentiment of the sentences, each -1 to 1. */
  sentiment: RangeSum;
  /** Squares of the same, for its variance. */
  sentimentSquared: RangeSum;
  /** Sentences that another person follows. */
  speakerChanges: RangeSum;
  /** Questions that another person follows. */
  answeredQuestions: RangeSum;
  /** Normalizes words a second among the episode's blocks of about 30 s. */
  normalizeRate: ScoreNormalizer;
  /** Normalizes the mean weight of content words among the same blocks. */
  normalizeSalience: ScoreNormalizer;
};

/** Returns the seconds from the start of sentence `first` to the end of sentence `last`. */
export function secondsBetween(sentences: readonly Sentence[], first: number, last: number): number {
  return (sentences[last]?.endSeconds ?? 0) - (sentences[first]?.startSeconds ?? 0);
}

/** Returns the words a second of sentences `first` to `last`; 0 where they take no time. */
export function computeSpeechRate(
  { sentences, words }: Pick<Measurements, 'sentences' | 'words'>,
  first: number,
  last: number,
): number {
  const seconds = secondsBetween(sentences, first, last);
  return seconds > 0 ? words(first, last) / seconds : 0;
}

/** Returns the mean TF-IDF weight of the content words of sentences `first` to `last`; 0 where they have none. */
export function computeSalience(
  { contentWeight, contentWords }: Pick<Measurements, 'contentWeight' | 'contentWords'>,
  first: number,
  last: number,
): number {
  return contentWeight(first, last) / Math.max(1, contentWords(first, last));
}
