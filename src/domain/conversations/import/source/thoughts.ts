import type { Omit } from './omissions.ts';

/**
 * What a model thinks, where its endpoint does not tell it apart. One that was cut has no end, but a line of its own for the tag: an
 * answer about the tag goes on in its line, and has its end in backticks.
 */
const THOUGHT = /^\s*<(think(?:ing)?)>(?:[\s\S]*?(?<!`)<\/\1>\s*|[ \t]*\r?\n[\s\S]*$)/;

/** Returns a content without the thought that a text begins with, which is passed over. */
export function withoutThought(content: unknown, omit: Omit): unknown {
  if (typeof content !== 'string') return content;
  const answer = content.replace(THOUGHT, '');
  if (answer !== content) omit('REASONING');
  return answer;
}
