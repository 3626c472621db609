import { tokenize } from './tokenizers.ts';
import { NUMBER_WORDS, QUESTION_WORDS } from './word-lists.ts';

/** "…, right?" is no real question. */
const TAG_QUESTION = /[\s,](?:right|you know|ok|okay|yeah|huh|correct|נכון|לא)[?？]["'”’)]*$/i;

/** Returns whether a text is a question: by its mark, or without punctuation by its first word. */
export function isQuestion(text: string): boolean {
  if (/[?？؟]/.test(text.replace(TAG_QUESTION, ''))) return true;
  if (TAG_QUESTION.test(text)) return false;
  return !/[.!…]["'”’)]*$/.test(text) && QUESTION_WORDS.has(tokenize(text.slice(0, 40))[0] ?? '');
}

/** Returns whether any of the words is a number, in digits or spelt out. */
export function hasNumber(tokens: readonly string[]): boolean {
  return tokens.some((token) => /\p{N}/u.test(token) || NUMBER_WORDS.has(token));
}
