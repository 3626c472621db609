import { restoreSpelling } from './chat-spelling.ts';
import { grammarOf } from './extract-by-rules.ts';
import { topicOf as findTopic } from './extract-statement.ts';
import type { Remembered } from './fact.ts';
import { isForgetRequest as asksToForget } from './requests.ts';
import { MAX_SENTENCE, trimPunctuation } from './sentence-text.ts';

const SENTENCE_ENDS = /(?<=[.!?…])\s+|(?<!\s)\s*\n\s*/u;

/** Returns the topic of a sentence that is remembered, if it can have only one answer; else null. */
export function topicOf(content: string): string | null {
  const statements = readSentences(content);
  return statements.length === 1 ? (statements[0]?.topic ?? null) : null;
}

/** Splits a text into sentences; each line is at least one. */
export const splitSentences = (text: string): string[] => text.split(SENTENCE_ENDS);

/**
 * Returns the statements of a text's sentences, as they would be remembered. A sentence that is too long is one statement without a topic.
 */
export function readSentences(text: string): Remembered[] {
  return splitSentences(text)
    .map(restoreSpelling)
    .flatMap((sentence) => {
      if (sentence.length > MAX_SENTENCE) return { content: trimPunctuation(sentence), topic: null };
      const grammar = grammarOf(sentence);
      const body = sentence.replace(/\s+/gu, ' ').replace(grammar.opening, '');
      const remembered = grammar.remember.exec(trimPunctuation(body))?.groups;
      return (remembered?.what ?? remembered?.plain ?? body)
        .split(grammar.joint)
        .map(trimPunctuation)
        .map((content) => ({ content, topic: findTopic(content, grammar) }));
    });
}

/** Whether a sentence asks to forget something. Such a sentence contains nothing that a reply could use. */
export const isForgetRequest = (sentence: string): boolean =>
  sentence.length <= MAX_SENTENCE && asksToForget(restoreSpelling(sentence), grammarOf(sentence));

/** Whether a sentence is a question, or a request to forget, and so tells nothing. */
export const isRequestOrQuestion = (sentence: string): boolean =>
  isForgetRequest(sentence) || grammarOf(sentence).question.test(sentence);

/** Whether a sentence says more than a greeting, and is no question or request to forget. */
export function isTelling(sentence: string): boolean {
  return trimPunctuation(sentence.replace(grammarOf(sentence).opening, '')) !== '' && !isRequestOrQuestion(sentence);
}

/** Whether a text begins by saying that something no longer holds. */
export function saysWhatEnded(text: string): boolean {
  const beginning = text.slice(0, MAX_SENTENCE);
  return grammarOf(beginning).revisions.outdated.test(beginning);
}
