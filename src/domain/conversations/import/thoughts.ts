import type { Omit } from './omissions.ts';

/** What a model thinks, where its endpoint does not tell it apart. */
const THOUGHT = /^\s*<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>\s*|$)/;

/** Returns a content without the thought that a text begins with, which is passed over. */
export function withoutThought(content: unknown, omit: Omit): unknown {
  if (typeof content !== 'string') return content;
  const answer = content.replace(THOUGHT, '');
  if (answer !== content) omit('REASONING');
  return answer;
}
