import { expect, it } from 'vitest';
import { highlight } from '#domain/search/highlight.ts';

it.each([
  ['within a word of letters beyond the first plane', `${'.'.repeat(199)}${'𠀀'.repeat(300)}`],
  ['within a word that matches', `${'.'.repeat(199)}${'𠀀'.repeat(300)} cat`],
])('a snippet that is cut %s has no half of a character', (_, text) => {
  const { snippet } = highlight({ id: '1', text, isCutBefore: false, isCutAfter: false }, ['dog']);
  expect(snippet).toMatch(/ …$/);
  expect(snippet.isWellFormed()).toBe(true);
});
