import { removeClosing, restoreSpelling } from './chat-spelling.ts';
import type { Grammar } from './grammars/grammar.ts';
import { isMereQuestion, isPasted, readRequest, removeAssent } from './requests.ts';
import { trimPunctuation } from './sentence-text.ts';
import type { Statement } from './statement.ts';
import { splitIntoSentences } from './user-sentences.ts';

/** The sentences of a text that may be learned from, and what its writer asks about the rest. */
export type Heard = {
  sentences: string[];
  request: Extract<Statement, { type: 'WITHHOLD' | 'WITHHOLD_LAST' | 'FORGET_LAST' }> | null;
};

/** The maximum length of a sentence that can be a request, in characters. */
const MAX_REQUEST = 1_000;

/**
 * Removes from a text what its writer asks not to remember: everything from such a request on, and everything before it if the request
 * comes last or asks to forget what was just said. In pasted text only the first sentence can be a request.
 */
export function leaveOutOffRecord(
  all: readonly string[],
  chooseGrammar: (sentence: string) => Grammar,
  pasted: boolean,
): Heard {
  const sentences = all.filter((sentence) => sentence.trim() !== '');
  let heard: string[] = [];
  let request: Heard['request'] = null;
  for (const [index, sentence] of sentences.entries()) {
    const grammar = chooseGrammar(sentence);
    const { material, revisions } = grammar;
    if (material.test(sentence.slice(0, MAX_REQUEST)))
      return { sentences: [...heard, ...sentences.slice(index)], request };
    const mayAsk = sentence.length <= MAX_REQUEST && !(pasted && index > 0) && !isMereQuestion(sentence, grammar);
    const read = mayAsk ? removeClosing(removeAssent(restoreSpelling(sentence))) : '';
    const whole = trimPunctuation(read);
    const requested = readRequest(read, grammar);
    const asks = (pattern: RegExp) => pattern.test(whole) || pattern.test(requested);
    const isLast = index === sentences.length - 1;
    const isBare = isLast && revisions.offRecord.bare.test(whole);
    const confides = isLast && asks(revisions.offRecord.confided);
    const isAlone = confides && index === 0;
    if (isBare || (confides && !isAlone) || asks(revisions.forgetLast)) {
      request = { type: index > 0 ? 'WITHHOLD' : isBare ? 'WITHHOLD_LAST' : 'FORGET_LAST' };
      heard = [];
    } else if (
      !revisions.offRecord.declined?.test(whole) &&
      !isAlone &&
      (asks(revisions.offRecord.anywhere) || isAppended(whole, grammar))
    ) {
      return { sentences: heard, request: { type: 'WITHHOLD' } };
    } else heard.push(sentence);
  }
  return { sentences: heard, request };
}

/** Whether a statement is followed by such a request without any punctuation: "I am vegan dont remember that". */
function isAppended(sentence: string, { revisions, rules }: Grammar): boolean {
  const said = revisions.offRecord.appended.exec(sentence)?.groups?.said;
  return said !== undefined && rules.some(({ pattern }) => pattern.test(said));
}

/** Returns a text without what its writer asks to keep off the record. */
export const removeOffRecord = (text: string, chooseGrammar: (sentence: string) => Grammar): string =>
  leaveOutOffRecord(splitIntoSentences(text), chooseGrammar, isPasted(text)).sentences.join(' ');
