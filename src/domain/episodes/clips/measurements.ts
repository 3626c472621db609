import type { Sentence } from '#domain/episodes/transcripts/sentences.ts';
import type { RangeSum, ScoreNormalizer } from './statistics.ts';

/**
 * What is measured once in an episode, so that each feature of each candidate costs constant time. Lists have one entry
 * a sentence; sums are over sentences `first` to `last`, both included.
 */
export type Measurements = {
  sentences: readonly Sentence[];
  /** 0 to 1: how well a clip would begin, grab and end with the sentence. */
  hook: Float64Array;
  opening: Float64Array;
  closing: Float64Array;
  words: RangeSum;
  fillers: RangeSum;
  questions: RangeSum;
  numbers: RangeSum;
  contentWords: RangeSum;
  contentWeight: RangeSum;
  sentiment: RangeSum;
  sentimentSquared: RangeSum;
  /** Sentences that another person follows, and questions that another person follows. */
  speakerChanges: RangeSum;
  answeredQuestions: RangeSum;
  /** Where words a second, and the weight of a content word, stand among the episode's stretches of about 30 s. */
  normalizeRate: ScoreNormalizer;
  normalizeSalience: ScoreNormalizer;
};

/** Words a second from the start of one sentence to the end of another; 0 where they take no time. */
export function wordsPerSecond(words: number, sentences: readonly Sentence[], first: number, last: number): number {
  const seconds = (sentences[last]?.endSeconds ?? 0) - (sentences[first]?.startSeconds ?? 0);
  return seconds > 0 ? words / seconds : 0;
}
