import type { Grammar } from './grammar.ts';
import type { Statement } from './statement.ts';
import { splitIntoSentences, trimPunctuation } from './user-sentences.ts';

/** What of a text may be learned, and what its writer asks of the rest. */
export type Heard = { sentences: string[]; request: Extract<Statement, { type: 'WITHHOLD' | 'FORGET_LAST' }> | null };

/** Characters of a sentence that can be a request. */
const MAX_REQUEST = 1_000;

/**
 * Leaves out of a text what its writer asks not to remember: what is said with such a request and after it; what was said
 * before it, where it stands at the end or asks to forget what was just said.
 */
export function leaveOutOffRecord(all: readonly string[], chooseGrammar: (sentence: string) => Grammar): Heard {
  const sentences = all.filter((sentence) => sentence.trim() !== '');
  let heard: string[] = [];
  let request: Heard['request'] = null;
  for (const [index, sentence] of sentences.entries()) {
    const { opening, material, revisions } = chooseGrammar(sentence);
    if (material.test(sentence.slice(0, MAX_REQUEST)))
      return { sentences: [...heard, ...sentences.slice(index)], request };
    const read = sentence.length > MAX_REQUEST ? '' : sentence;
    const asks = (pattern: RegExp) =>
      [read, read.replace(opening, '')].some((text) => pattern.test(trimPunctuation(text)));
    const isBare = asks(revisions.offRecord.bare) && index === sentences.length - 1;
    if (isBare || asks(revisions.forgetLast)) {
      request = { type: index === 0 ? 'FORGET_LAST' : 'WITHHOLD' };
      heard = [];
    } else if (asks(revisions.offRecord.anywhere)) {
      return { sentences: heard, request: { type: 'WITHHOLD' } };
    } else heard.push(sentence);
  }
  return { sentences: heard, request };
}

/** Returns what of a text its writer does not ask to keep out of memory. */
export const removeOffRecord = (text: string, chooseGrammar: (sentence: string) => Grammar): string =>
  leaveOutOffRecord(splitIntoSentences(text), chooseGrammar).sentences.join(' ');
