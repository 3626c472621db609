import type { Measurements } from '#domain/episodes/clips/measurements.ts';
import { clampToUnit } from '#domain/episodes/clips/statistics.ts';
import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { hasNumber, isQuestion } from '#domain/text/sentence-cues.ts';
import { isContentWord } from '#domain/text/stop-words.ts';
import { MAX_SENTENCE_CHARACTERS, tokenize } from '#domain/text/tokenizers.ts';
import { CONTINUATIONS, SECOND_PERSON_WORDS, STRONG_WORDS } from '#domain/text/word-lists.ts';

/**
 * How well the first 3 s hold someone who is scrolling: Facebook counts a view from there, and TikTok's advice to
 * advertisers (Creative Codes, 2023) is to hook at once. What works in headlines works there: questions raise clicks,
 * the more when they speak to "you" (Lai and Farbrot 2014), and so do numbers and strong words. Naming a subject at
 * once counts too. A reply or a conjunction as first word loses most of it. How much each counts was set by reading the
 * clips of two episodes, like the weights of `genre-weights.ts`.
 */
export function hook({ hook }: Measurements, first: number): number {
  return hook[first] ?? 0;
}

/** The time in which a viewer decides to stay (see `hook`). */
const HOOK_SECONDS = 3;

/** A clip whose first words answer something unheard keeps this part of its hook. */
const CONTINUATION_FACTOR = 0.3;

/** Returns the hook of a clip that begins with the sentence at `index`, 0 to 1. */
export function scoreHook(sentences: readonly Sentence[], index: number): number {
  const opening = tokenize(readOpening(sentences, index, HOOK_SECONDS));
  const strength =
    (isQuestion(sentences[index]?.text ?? '') ? 0.4 : 0) +
    (hasNumber(opening) ? 0.2 : 0) +
    (opening.some((word) => STRONG_WORDS.has(word)) ? 0.3 : 0) +
    (opening.some((word) => SECOND_PERSON_WORDS.has(word)) ? 0.15 : 0) +
    Math.min(0.3, 0.1 * opening.filter(isContentWord).length);
  return clampToUnit(strength) * (CONTINUATIONS.has(opening[0] ?? '') ? CONTINUATION_FACTOR : 1);
}

/** Returns the text of so many seconds from the sentence at `index`; the characters of each take the same time. */
function readOpening(sentences: readonly Sentence[], index: number, seconds: number): string {
  const until = (sentences[index]?.startSeconds ?? 0) + seconds;
  let heard = '';
  for (const sentence of sentences.slice(index, index + MAX_HOOK_SENTENCES)) {
    if (sentence.startSeconds >= until || heard.length > MAX_SENTENCE_CHARACTERS) break;
    const duration = sentence.endSeconds - sentence.startSeconds;
    const share = duration > 0 ? clampToUnit((until - sentence.startSeconds) / duration) : 1;
    heard += ` ${sentence.text.slice(0, Math.ceil(sentence.text.length * share))}`;
  }
  return heard;
}

/** More than anyone says in 3 s; it bounds the work where many sentences share one moment. */
const MAX_HOOK_SENTENCES = 8;
