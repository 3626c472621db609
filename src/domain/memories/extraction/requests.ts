import { removeClosing } from './chat-spelling.ts';
import type { Grammar } from './grammars/grammar.ts';
import { MAX_SENTENCE, REMOVED, trimPunctuation } from './sentence-text.ts';
import type { Statement } from './statement.ts';

/** The maximum length of a message that may ask to forget something, in characters: anything longer was pasted. */
const MAX_MESSAGE = 2_000;
const QUESTION_MARK = /\?[\s!.…)]*$/u;
/** A question that only asks for assent: "Forget that I am vegan, ok?" */
const ASSENT =
  /\s*[,–—-] ?(?:ok|okay|alright|all right|will you|would you|בסדר|טוב|אוקיי?|סבבה)[\s!.…]*\?[\s!.…)?]*$/iu;
const PLEASE = /(?<!\p{L})(please|בבקשה)[^\p{L}]*$/iu;
const CODE_OR_QUOTE = /```|["“”„«»]/u;
/** A quoted line, a list item, or the header of an e-mail. */
const PASTED_LINE =
  /^[^\S\n]*(?:>|[-*•–—][^\S\n]|(?:\d+|\p{L})[.)][^\S\n]|(?:from|to|cc|subject|date|sent|מאת|אל|נושא|תאריך):)/imu;
/** A line that introduces what somebody else wrote. */
const INTRODUCTION =
  /(?::|(?<!\p{L})(?<!(?:^|\s)i(?:['’]ve)?(?: just| ever)? )(?:wrote|writes|said|says|asked|replied|כתב|כתבה|אמר|אמרה))[^\S\n]*$/imu;

/** Returns the part of a message that is checked for requests to forget. */
export const beginningOf = (content: string): string => content.slice(0, MAX_MESSAGE + 1);

/** Whether a text is too long to have been typed as a request to forget. */
export const isPasted = (text: string): boolean => text.length > MAX_MESSAGE;

/** Prepares a sentence for the patterns of requests: removes fillers at the beginning, but keeps "please". */
export function readRequest(sentence: string, { opening }: Grammar): string {
  const before = opening.exec(sentence)?.[0] ?? '';
  const [, please] = PLEASE.exec(before) ?? [];
  const request = removeAssent(sentence.slice(before.length));
  return trimPunctuation(removeClosing(`${please ? `${please} ` : ''}${request}`));
}

/** Removes a question at the end that only asks for assent. */
export const removeAssent = (sentence: string): string => sentence.replace(ASSENT, '');

/** Whether a sentence is a mere question about what will or may be, and so requests nothing. */
export function isMereQuestion(sentence: string, grammar: Grammar): boolean {
  return (
    QUESTION_MARK.test(removeAssent(sentence)) && !grammar.revisions.courteous.test(readRequest(sentence, grammar))
  );
}

/** Whether a sentence asks to forget something. */
export function isForgetRequest(sentence: string, grammar: Grammar): boolean {
  const { forget, forgetAll, forgetLast, offRecord } = grammar.revisions;
  if (offRecord.deniedMemory?.test(trimPunctuation(sentence))) return false;
  const whole = readRequest(sentence, grammar);
  return [forget, forgetAll, forgetLast].some((pattern) => pattern.test(whole)) && !isMereQuestion(sentence, grammar);
}

/**
 * Returns a predicate that doubts statements which delete something. Everything is deleted only if the message says nothing else; nothing
 * is deleted if the message asks anything else, or contains material that may be somebody else's.
 */
export function createDoubt(
  text: string,
  sentences: readonly string[],
  chooseGrammar: (sentence: string) => Grammar,
): (statement: Statement) => boolean {
  const read = sentences.map((sentence) => ({ sentence, grammar: chooseGrammar(sentence) }));
  const nonEmpty = read.filter(
    ({ sentence, grammar }) => trimPunctuation(sentence.replace(grammar.opening, '')) !== '',
  );
  const asksForAssent = sentences.some((sentence) => ASSENT.test(sentence));
  const isDoubtful =
    isPasted(text) ||
    [CODE_OR_QUOTE, PASTED_LINE, INTRODUCTION].some((pattern) => pattern.test(text)) ||
    nonEmpty.some(({ sentence, grammar }) => isMaterialOrQuestion(sentence, grammar));
  return ({ type }) => {
    if (type === 'FORGET_ALL') return isDoubtful || asksForAssent || nonEmpty.length > 1;
    return isDoubtful && (type === 'FORGET' || type === 'FORGET_LAST' || type === 'WITHHOLD_LAST');
  };
}

function isMaterialOrQuestion(sentence: string, grammar: Grammar): boolean {
  if (sentence.includes(REMOVED) || grammar.material.test(sentence.slice(0, MAX_SENTENCE))) return true;
  const body = sentence.replace(grammar.opening, '').trim();
  if (sentence.length > MAX_SENTENCE || isForgetRequest(sentence, grammar)) return false;
  return grammar.question.test(body) && !grammar.revisions.offRecord.bare.test(trimPunctuation(removeAssent(sentence)));
}
