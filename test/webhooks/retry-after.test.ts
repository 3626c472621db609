import { expect, it } from 'vitest';
import { readRetryAfter } from '#adapters/retry-after.ts';

const NOW = new Date('2026-03-01T10:00:00Z');

it.each([
  ['120', 120_000],
  [' 7 ', 7_000],
  ['1.5', 1_500],
  ['.25', 250],
  ['0', 0],
  ['Sun, 01 Mar 2026 10:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 09:00:00 GMT', 0],
  ['soon', null],
  ['', null],
  [undefined, null],
])('Retry-After: %s asks to wait for %s ms', (text, ms) => {
  expect(readRetryAfter(text, NOW)).toBe(ms);
});
