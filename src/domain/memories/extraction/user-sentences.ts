import type { Grammar } from './grammars/grammar.ts';
import { isForgetRequest, readRequest } from './requests.ts';
import { MAX_SENTENCE, REMOVED, trimPunctuation } from './sentence-text.ts';

/** A sentence of the user's own: `whole`, and split into its statements. */
export type UserSentence = { grammar: Grammar; statements: string[]; whole: string };

const CODE = /```[\s\S]*?(?:```|$)/g;
const CITED_LINE = /^ *>.*$/gm;
const DOUBLE_QUOTED = /["“”„«»]([^"“”„«»]{0,2000})["“”„«»]/gu;
const SINGLE_QUOTE = /(?<=^|[\s,:(])['‘]/gu;
/**
 * What ends a text in single quotes: a quote that is no apostrophe, or the end of the line. `closing` is a quote after which no word can
 * continue.
 */
const SINGLE_QUOTE_END = /(?<closing>['’](?=$|[\s.,!?;)]))|['’](?!\p{L})|\n/gu;
const MAX_QUOTED = 2_000;
const SENTENCE_END = /(?<=[.!?…])(?<!\b(?:Dr|Mr|Mrs|Ms|St|Prof|e\.g|i\.e|vs)\.)\s+|(?<!\s)\s*\n\s*/u;
const QUOTED_NAME = /^\p{L}+(?: \p{Lu}\p{L}*)?$/u;

/** Splits a text into sentences; each line is at least one. */
export const splitIntoSentences = (text: string): string[] => text.split(SENTENCE_END);

/**
 * Finds the sentences in which users speak for themselves, or ask to forget something. Excludes questions, suppositions, and everything
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
    if (grammar.revisions.offRecord.deniedMemory?.test(sentence)) continue;
    if (asksToForget || grammar.hypothetical.test(sentence)) continue;
    if (grammar.question.test(body) && !grammar.remember.test(whole)) continue;
    const statements = body
      .split(grammar.joint)
      .map((statement) => trimPunctuation(statement.replace(grammar.opening, '')));
    const reported = statements.findIndex((statement) => grammar.reported.test(statement));
    if (reported >= 0 && /:\s*$/.test(sentence)) break;
    const own = reported < 0 ? statements : statements.slice(0, reported);
    sentences.push({ grammar, statements: own, whole });
  }
  return sentences;
}

/** Removes code and quotations. Quoted names stay, such as that of a dog called "Rex". */
export function removeQuotations(text: string): string {
  const unquoted = text
    .replace(/[^\S\n]+/g, ' ')
    .replace(CODE, '\n')
    .replace(CITED_LINE, '')
    .replace(DOUBLE_QUOTED, (_, quoted: string) => replaceQuoted(quoted));
  return removeSingleQuoted(unquoted);
}

const replaceQuoted = (quoted: string) => (QUOTED_NAME.test(quoted.trim()) ? quoted.trim() : REMOVED);

/** Scans for all beginnings and for all ends once: searching for an end from each beginning would take quadratic time. */
function removeSingleQuoted(text: string): string {
  const ends = text.matchAll(SINGLE_QUOTE_END);
  let end = ends.next().value;
  let kept = '';
  let at = 0;
  for (const { index } of text.matchAll(SINGLE_QUOTE)) {
    if (index < at) continue;
    while (end && end.index <= index) end = ends.next().value;
    const isQuoted = end?.groups?.closing && end.index > index + 1 && end.index - index <= MAX_QUOTED;
    if (!end || !isQuoted) continue;
    kept += text.slice(at, index) + replaceQuoted(text.slice(index + 1, end.index));
    at = end.index + 1;
  }
  return kept + text.slice(at);
}
