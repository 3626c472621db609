import { isQuestion } from '#domain/text/sentence-cues.ts';
import { normalizedWords } from '#domain/text/tokenizers.ts';
import { isRequest } from './personal-questions.ts';
import { detectSmallTalk } from './small-talk.ts';

const SENTENCE_ENDS = /(?<=[.!?…])\s+/u;
/** Characters of a text that are read. */
const MAX_CHARACTERS = 2_000;

/** Whether a text states something: a question, however well it fits another, does not answer it. */
export function hasStatement(text: string): boolean {
  return splitSentences(text).some((sentence) => !isQuestion(sentence));
}

/** Whether a text informs of something: with a sentence that is no question, no request and no small talk. */
export function isInformative(text: string): boolean {
  return splitSentences(text).some((sentence) => {
    const words = normalizedWords(sentence);
    return words.length > 0 && !isQuestion(sentence) && !isRequest(words) && detectSmallTalk(words).topic === null;
  });
}

const splitSentences = (text: string) => text.slice(0, MAX_CHARACTERS).trim().split(SENTENCE_ENDS);
