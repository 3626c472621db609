import type { Grammar } from './grammars/grammar.ts';
import { MAX_SENTENCE, REMOVED, trimPunctuation } from './sentence-text.ts';
import type { Statement } from './statement.ts';

/** Characters of a message that may ask to forget something: what is longer was pasted. */
const MAX_MESSAGE = 2_000;
const QUESTION_MARK = /\?[\s!.…)]*$/u;
const PLEASE = /(?<!\p{L})(please|בבקשה)[^\p{L}]*$/iu;
const CODE_OR_QUOTE = /```|["“”„«»]/u;
/** A cited line, an item of a list, a header of a mail. */
const PASTED_LINE =
  /^[^\S\n]*(?:>|[-*•–—][^\S\n]|(?:\d+|\p{L})[.)][^\S\n]|(?:from|to|cc|subject|date|sent|מאת|אל|נושא|תאריך):)/imu;
/** A line that says who wrote those after it. */
const INTRODUCTION =
  /(?::|(?<!\p{L})(?<!(?:^|\s)i(?:['’]ve)?(?: just| ever)? )(?:wrote|writes|said|says|asked|replied|כתב|כתבה|אמר|אמרה))[^\S\n]*$/imu;

/** Returns as much of a message as tells what it asks to forget. */
export const beginningOf = (content: string): string => content.slice(0, MAX_MESSAGE + 1);

/** Whether a text is longer than what people write who ask to forget something. */
export const isPasted = (text: string): boolean => text.length > MAX_MESSAGE;

/** Returns a sentence as the patterns of requests read it: without what people say before they begin, but with "please". */
export function readRequest(sentence: string, { opening }: Grammar): string {
  const before = opening.exec(sentence)?.[0] ?? '';
  const [, please] = PLEASE.exec(before) ?? [];
  return trimPunctuation(`${please ? `${please} ` : ''}${sentence.slice(before.length)}`);
}

/** Whether a sentence asks what will be, or what may be, and so asks for nothing. */
export function isMereQuestion(sentence: string, grammar: Grammar): boolean {
  return QUESTION_MARK.test(sentence) && !grammar.revisions.courteous.test(readRequest(sentence, grammar));
}

/** Whether a sentence asks to forget something. */
export function isForgetRequest(sentence: string, grammar: Grammar): boolean {
  const { forget, forgetAll, forgetLast } = grammar.revisions;
  const whole = readRequest(sentence, grammar);
  return [forget, forgetAll, forgetLast].some((pattern) => pattern.test(whole)) && !isMereQuestion(sentence, grammar);
}

/**
 * Returns whether a statement is to be believed that deletes something: everything is deleted where a message says nothing else,
 * and nothing where it asks anything else, or has material that may be somebody else's.
 */
export function createDoubt(
  text: string,
  sentences: readonly string[],
  chooseGrammar: (sentence: string) => Grammar,
): (statement: Statement) => boolean {
  const read = sentences.map((sentence) => ({ sentence, grammar: chooseGrammar(sentence) }));
  const said = read.filter(({ sentence, grammar }) => trimPunctuation(sentence.replace(grammar.opening, '')) !== '');
  const isDoubtful =
    isPasted(text) ||
    [CODE_OR_QUOTE, PASTED_LINE, INTRODUCTION].some((pattern) => pattern.test(text)) ||
    said.some(({ sentence, grammar }) => isMaterialOrQuestion(sentence, grammar));
  return ({ type }) => {
    if (type === 'FORGET_ALL') return isDoubtful || said.length > 1;
    return isDoubtful && (type === 'FORGET' || type === 'FORGET_LAST' || type === 'WITHHOLD_LAST');
  };
}

function isMaterialOrQuestion(sentence: string, grammar: Grammar): boolean {
  if (sentence.includes(REMOVED) || grammar.material.test(sentence.slice(0, MAX_SENTENCE))) return true;
  const body = sentence.replace(grammar.opening, '').trim();
  if (sentence.length > MAX_SENTENCE || isForgetRequest(sentence, grammar)) return false;
  return grammar.question.test(body) && !grammar.revisions.offRecord.bare.test(trimPunctuation(sentence));
}
