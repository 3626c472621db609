import type { Grammar } from './grammars/grammar.ts';
import { isForgetRequest, readRequest } from './requests.ts';
import { MAX_SENTENCE, REMOVED, trimPunctuation } from './sentence-text.ts';

/** A sentence of the user's own: `whole`, and cut where one statement ends and the next begins. */
export type UserSentence = { grammar: Grammar; statements: string[]; whole: string };

const CODE = /```[\s\S]*?(?:```|$)/g;
const CITED_LINE = /^ *>.*$/gm;
const QUOTED =
  /["“”„«»]([^"“”„«»]{0,2000})["“”„«»]|(?<=^|[\s,:(])['‘]((?:[^'’\n]|['’]\p{L}){1,2000})['’](?=$|[\s.,!?;)])/gu;
const SENTENCE_END = /(?<=[.!?…])(?<!\b(?:Dr|Mr|Mrs|Ms|St|Prof|e\.g|i\.e|vs)\.)\s+|(?<!\s)\s*\n\s*/u;
const QUOTED_NAME = /^\p{L}+(?: \p{Lu}\p{L}*)?$/u;

/** Splits a text into sentences; each line is one at least. */
export const splitIntoSentences = (text: string): string[] => text.split(SENTENCE_END);

/**
 * Finds the sentences in which a user says something in their own name, or asks to forget it: no questions, no suppositions, nothing
 * after a request to translate, rewrite or play something.
 */
export function findUserSentences(
  texts: readonly string[],
  chooseGrammar: (sentence: string) => Grammar,
): UserSentence[] {
  const sentences: UserSentence[] = [];
  for (const sentence of texts) {
    const grammar = chooseGrammar(sentence);
    if (grammar.material.test(sentence.slice(0, MAX_SENTENCE))) break;
    if (sentence.length > MAX_SENTENCE || sentence.includes(REMOVED)) continue;
    const body = sentence.replace(grammar.opening, '');
    const whole = trimPunctuation(body);
    const asksToForget = isForgetRequest(sentence, grammar);
    if (asksToForget) sentences.push({ grammar, statements: [], whole: readRequest(sentence, grammar) });
    if (asksToForget || grammar.hypothetical.test(sentence)) continue;
    if (grammar.question.test(body) && !grammar.remember.test(whole)) continue;
    const statements = body
      .split(grammar.joint)
      .map((statement) => trimPunctuation(statement.replace(grammar.opening, '')));
    sentences.push({ grammar, statements, whole });
  }
  return sentences;
}

/** Removes code and quotations; quoted names stay, as that of a dog called "Rex". */
export function removeQuotations(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(CODE, '\n')
    .replace(CITED_LINE, '')
    .replace(QUOTED, (_, double?: string, single?: string) => {
      const inside = (double ?? single ?? '').trim();
      return QUOTED_NAME.test(inside) ? inside : REMOVED;
    });
}
