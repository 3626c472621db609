import { isQuestion } from '#domain/text/vocabulary.ts';
import { normalizedWords } from '#domain/text/word-patterns.ts';
import { isRequest } from './personal-questions.ts';
import { smallTalkIn } from './small-talk.ts';

const SENTENCE_ENDS = /(?<=[.!?…])\s+/u;
const MAX_CHARACTERS = 2_000;

/** Whether a text states something: a question, however well it fits another, answers nothing. */
export function states(text: string): boolean {
  return sentencesIn(text).some((sentence) => !isQuestion(sentence));
}

/** Whether somebody tells something: neither asks, nor asks for something, nor just says hello. */
export function tells(text: string): boolean {
  return sentencesIn(text).some((sentence) => {
    const words = normalizedWords(sentence);
    return words.length > 0 && !isQuestion(sentence) && !isRequest(words) && smallTalkIn(words).topic === null;
  });
}

const sentencesIn = (text: string) => text.slice(0, MAX_CHARACTERS).trim().split(SENTENCE_ENDS);
