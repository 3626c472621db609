import type { TimedWord } from '#domain/episodes/transcripts/segments/segments.ts';
import { endsSentence } from '#domain/text/sentence-ends.ts';

/**
 * A word with who says it; `endsSegment` where the transcript's segment ends with it, `afterNonSpeech` where music or the
 * like comes before it.
 */
export type SpokenWord = TimedWord & { speaker: string | null; endsSegment: boolean; afterNonSpeech?: boolean };

/** Silence that ends a sentence without a full stop: twice what counts as a long pause (Campione and Véronis 2002). */
const SENTENCE_PAUSE_SECONDS = 2;

/** Two sentences of this length still make a clip of at most 60 s. Longer ones are mostly missing punctuation. */
const MAX_SENTENCE_SECONDS = 30;

/** What a fast speaker says in that time (400 words a minute); it bounds the work where times are all equal. */
const MAX_SENTENCE_WORDS = 200;

/**
 * Lengths of the pieces of text without punctuation: enough to say something, and so little that any clip length is
 * met.
 */
const PIECE_SECONDS = { min: 4, max: 12 };

/**
 * Groups words into sentences, and yields each as soon as it ends; takes linear time. A sentence ends at its
 * punctuation, at a change of speaker, and at a silence of 2 s. What then still runs for over 30 s, as unpunctuated
 * text does, is broken into pieces of 4 to 12 s at their longest pauses, at segment ends and at commas, so that there
 * is always somewhere to cut.
 *
 * Own rules rather than wink-nlp's: those know English only and do not say which word a sentence ends with.
 */
export function* groupIntoSentences(words: Iterable<SpokenWord>): Generator<SpokenWord[]> {
  let pending: SpokenWord[] = [];
  for (const word of words) {
    const last = pending.at(-1);
    if (last && isBoundary(last, word)) {
      yield pending;
      pending = [];
    }
    pending.push(word);
    while (pending.length > 1 && isTooLong(pending)) yield pending.splice(0, findBreak(pending));
  }
  if (pending.length > 0) yield pending;
}

function isBoundary(last: SpokenWord, next: SpokenWord): boolean {
  if (last.speaker !== next.speaker) return true;
  return next.startSeconds - last.endSeconds >= SENTENCE_PAUSE_SECONDS || endsSentence(last.text, next.text);
}

function isTooLong(words: SpokenWord[]): boolean {
  return words.length > MAX_SENTENCE_WORDS || secondsOfFirst(words, words.length) > MAX_SENTENCE_SECONDS;
}

/** Returns how many words the first piece takes: 1 to all but one. */
function findBreak(words: SpokenWord[]): number {
  let best = 1;
  let bestStrength = Number.NEGATIVE_INFINITY;
  for (let count = 1; count < words.length; count += 1) {
    const duration = secondsOfFirst(words, count);
    if (duration > PIECE_SECONDS.max) break;
    const strength = duration < PIECE_SECONDS.min ? duration - PIECE_SECONDS.min : scoreBreak(words, count);
    if (strength >= bestStrength) [best, bestStrength] = [count, strength];
  }
  return best;
}

/**
 * How good a place to break is, in seconds of pause. A segment end and a comma count like pauses of 1 s and 0.5 s, as
 * captions break lines where readers would pause.
 */
function scoreBreak(words: SpokenWord[], count: number): number {
  const [last, next] = [words[count - 1] as SpokenWord, words[count] as SpokenWord];
  const pause = Math.max(0, next.startSeconds - last.endSeconds);
  return pause + (last.endsSegment ? 1 : 0) + (/[,;:،]$/.test(last.text) ? 0.5 : 0);
}

function secondsOfFirst(words: SpokenWord[], count: number): number {
  return (words[count - 1]?.endSeconds ?? 0) - (words[0]?.startSeconds ?? 0);
}
