import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { CLIP_SECONDS } from './platforms.ts';

/** Ends nearer to each other than this are the same cut to a viewer; of 12 to 60 s, it leaves 49 for one beginning. */
const END_STEP_SECONDS = 1;

/** For each sentence, the candidates' ends as a chain: `earliestEnd[first]`, then `nextEnd[last]` until `limit[first]`. */
export type CandidateWindows = { earliestEnd: Uint32Array; nextEnd: Uint32Array; limit: Uint32Array };

/**
 * Finds where clips of 12 s or more that begin with each sentence can end, by two pointers that only move forward: O(n)
 * for n sentences in order of time. No clip goes over music. The longest clip is for the caller to stop at.
 */
export function findCandidateWindows(sentences: readonly Sentence[]): CandidateWindows {
  const earliestEnd = findFirstEnds(sentences, (sentence) => sentence.startSeconds + CLIP_SECONDS.minSeconds);
  const nextEnd = findFirstEnds(sentences, (sentence) => sentence.endSeconds + END_STEP_SECONDS);
  return { earliestEnd, nextEnd, limit: findLimits(sentences) };
}

/** For each sentence, the first after it that a clip with it cannot have, as music comes before. */
function findLimits(sentences: readonly Sentence[]): Uint32Array {
  const limits = new Uint32Array(sentences.length);
  let limit = sentences.length;
  for (let index = sentences.length - 1; index >= 0; index -= 1) {
    limits[index] = limit;
    if (sentences[index]?.afterNonSpeech) limit = index;
  }
  return limits;
}

/**
 * For each sentence, the first that ends at or after its `moment`, which must not fall from one sentence to the next.
 */
function findFirstEnds(sentences: readonly Sentence[], moment: (sentence: Sentence) => number): Uint32Array {
  const firstEnds = new Uint32Array(sentences.length);
  let end = 0;
  for (const [index, sentence] of sentences.entries()) {
    while (end < sentences.length && (sentences[end]?.endSeconds ?? 0) < moment(sentence)) end += 1;
    firstEnds[index] = end;
  }
  return firstEnds;
}
