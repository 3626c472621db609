import { describe, expect, it } from 'vitest';
import { estimateTokens } from '#domain/text/llm-tokens.ts';

const repeat = (length: number, text: (index: number) => string, separator: string) =>
  Array.from({ length }, (_, index) => text(index)).join(separator);
const letters = (index: number, length: number) =>
  (index * 7_919).toString(36).padEnd(length, 'x7k2q9').slice(0, length);

/** What a text of 4,000 characters at most counts, which is not sampled, for as many characters. */
const shareOf = (text: string) => (estimateTokens(text.slice(0, 4_000)) * text.length) / 4_000;

describe('a long text counts as many tokens as the sum of its parts', () => {
  it.each([
    ['in prose', repeat(4_000, (index) => letters(index, 1 + (index % 9)), ' ')],
    ['in long addresses', repeat(100, (index) => `https://example.com/${letters(index, 180)}`, ' ')],
    [
      'in long runs without a space, with short words between them',
      repeat(40, (index) => letters(index, 500), ' a b '),
    ],
    ['in Hebrew', repeat(2_000, (index) => 'אבגדהוזחט'.slice(0, 2 + (index % 7)), ' ')],
    ['in Chinese with spaces between sentences', repeat(50, () => '漢字'.repeat(100), '。 ')],
  ])('%s', (_, text) => {
    expect(estimateTokens(text) / shareOf(text)).toBeGreaterThan(0.93);
    expect(estimateTokens(text) / shareOf(text)).toBeLessThan(1.07);
  });
});
