import type { Grammar } from './grammar.ts';

/** A sentence that may be believed, cut where one statement ends and the next begins. */
export type UserSentence = { grammar: Grammar; statements: string[]; whole: string };

/** Characters: beyond that nobody speaks in sentences, and the patterns would take their time. */
const MAX_SENTENCE = 1_000;
/** The object replacement character, which nobody types. */
const LEFT_OUT = '\ufffc';
const CODE = /```[\s\S]*?(?:```|$)/g;
const CITED_LINE = /^ *>.*$/gm;
const QUOTED =
  /["“”„«»]([^"“”„«»]{0,2000})["“”„«»]|(?<=^|[\s,:(])['‘]((?:[^'’\n]|['’]\p{L}){1,2000})['’](?=$|[\s.,!?;)])/gu;
const SENTENCE_END = /(?<=[.!?…])(?<!\b(?:Dr|Mr|Mrs|Ms|St|Prof|e\.g|i\.e|vs)\.)\s+|\s*\n\s*/u;
const QUOTED_NAME = /^\p{L}+(?: \p{Lu}\p{L}*)?$/u;

/**
 * The sentences in which a user says something in their own name: no questions, no suppositions, no quotations, nothing
 * after a request to translate, rewrite or play something.
 */
export function findUserSentences(text: string, languageOf: (sentence: string) => Grammar): UserSentence[] {
  const sentences: UserSentence[] = [];
  for (const sentence of removeQuotations(text).split(SENTENCE_END)) {
    const language = languageOf(sentence);
    if (language.material.test(sentence.slice(0, MAX_SENTENCE))) break;
    if (sentence.length > MAX_SENTENCE || language.hypothetical.test(sentence) || sentence.includes(LEFT_OUT)) continue;
    const said = sentence.replace(language.opening, '');
    const whole = trimPunctuation(said);
    if (language.question.test(said) && !language.remember.test(whole)) continue;
    const statements = said
      .split(language.joint)
      .map((statement) => trimPunctuation(statement.replace(language.opening, '')));
    sentences.push({ grammar: language, statements, whole });
  }
  return sentences;
}

/** Without code and quotations; quoted names stay, as that of a dog called "Rex". */
function removeQuotations(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(CODE, '\n')
    .replace(CITED_LINE, '')
    .replace(QUOTED, (_, double?: string, single?: string) => {
      const inside = (double ?? single ?? '').trim();
      return QUOTED_NAME.test(inside) ? inside : LEFT_OUT;
    });
}

/** Without the signs and spaces around it. */
export function trimPunctuation(text: string): string {
  return text.replace(/^[\s•*–—-]+|[\s.…,!?;:)(]+$/gu, '').replace(/\s+/gu, ' ');
}
