import type { Omit } from './omissions.ts';

/**
 * Reasoning at the beginning of an answer, if the endpoint does not separate it. If it was cut off, the tag has a line of its own and no
 * end; an answer about the tag continues in the same line, or has the end tag in backticks.
 */
const THOUGHT = /^\s*<(think(?:ing)?)>(?:[\s\S]*?(?<!`)<\/\1>\s*|[ \t]*\r?\n[\s\S]*$)/;

/** Returns a content without the reasoning at its beginning, which is counted as skipped. */
export function withoutThought(content: unknown, omit: Omit): unknown {
  if (typeof content !== 'string') return content;
  const answer = content.replace(THOUGHT, '');
  if (answer !== content) omit('REASONING');
  return answer;
}
