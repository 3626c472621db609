import type { Measurements } from '#domain/episodes/clips/measurements.ts';
import type { Sentence } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { isQuestion } from '#domain/text/sentence-cues.ts';
import { tokenize } from '#domain/text/tokenizers.ts';
import { BACK_REFERENCES, CONTINUATIONS } from '#domain/text/word-lists.ts';

/**
 * Whether the clip can stand alone: it begins with something that needs nothing before it, and ends where a thought
 * ends. Viewers of a cut that opens in the middle of an argument do not know what it is about, and one that breaks off
 * is not replayed; editors look at both edges first. The worse edge counts twice as much as the better one.
 */
export function completeness({ opening, closing }: Measurements, first: number, last: number): number {
  const [begins, ends] = [opening[first] ?? 0, closing[last] ?? 0];
  return (2 * Math.min(begins, ends) + Math.max(begins, ends)) / 3;
}

/** Pauses count as long from here on (Campione and Véronis 2002); after one, a speaker mostly begins anew. */
const NEW_START_SECONDS = 1;

/**
 * Returns how well a clip can begin with the sentence at `index`, 0 to 1: 1 for a new turn that refers to nothing
 * before it. The steps in between are an editor's judgement, not measured.
 */
export function scoreOpening(sentences: readonly Sentence[], index: number): number {
  const sentence = sentences[index] as Sentence;
  const before = sentences[index - 1];
  const opening = tokenize(sentence.text.slice(0, 60)).slice(0, 3);
  const newTurn = isNewTurn(before, sentence);
  if (CONTINUATIONS.has(opening[0] ?? '') || beginsMidSentence(sentence)) return 0.1;
  if (!newTurn && !endsWithPunctuation(before)) return 0.1;
  if (BACK_REFERENCES.has(opening[0] ?? '')) return 0.3;
  if (opening.some((word) => BACK_REFERENCES.has(word))) return 0.6;
  return newTurn || isQuestion(sentence.text) ? 1 : 0.8;
}

/**
 * Returns how well a clip can end with the sentence at `index`, 0 to 1: 1 at the end of a turn, little where the
 * speaker goes on. The steps in between are an editor's judgement, not measured.
 */
export function scoreClosing(sentences: readonly Sentence[], index: number): number {
  const sentence = sentences[index] as Sentence;
  const next = sentences[index + 1];
  if (isQuestion(sentence.text) || (next && beginsMidSentence(next))) return 0.1;
  if (!endsWithPunctuation(sentence)) return next && !isNewTurn(sentence, next) ? 0.1 : 0.5;
  if (!next || isNewTurn(sentence, next)) return 1;
  const nextWord = tokenize(next.text.slice(0, 60))[0] ?? '';
  return CONTINUATIONS.has(nextWord) || BACK_REFERENCES.has(nextWord) ? 0.4 : 0.7;
}

/** A small first letter: the sentence was broken off before it, often where a recogniser mistook who speaks. */
function beginsMidSentence(sentence: Sentence): boolean {
  return /^["'“‘(]*\p{Ll}/u.test(sentence.text);
}

function isNewTurn(before: Sentence | undefined, sentence: Sentence): boolean {
  if (!before || before.speaker !== sentence.speaker) return true;
  return sentence.startSeconds - before.endSeconds >= NEW_START_SECONDS;
}

function endsWithPunctuation(sentence: Sentence | undefined): boolean {
  return sentence === undefined || /[.!?。！？؟]["'”’»)\]]*$/.test(sentence.text);
}
