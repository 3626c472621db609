import { describe, expect, it } from 'vitest';
import { scoreSentiment } from '#domain/episodes/clips/sentiment.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';

const LENGTH = 4_000;
const fill = (unit: string) => unit.repeat(LENGTH / unit.length);

describe('sentiment', () => {
  it('is above 0 for what is praised, below for what is not, and 0 in Hebrew', () => {
    expect(scoreSentiment('What a wonderful, happy day.')).toBeGreaterThan(0);
    expect(scoreSentiment('That was a terrible, sad mistake.')).toBeLessThan(0);
    expect(scoreSentiment('איזה יום נפלא')).toBe(0);
  });

  it.each(['http://a.b/', 'x.y-', '#a', 'a@b.c-', 'http://a.b/ '])(
    'takes no longer where a sentence is %j again and again',
    async (unit) => {
      const score = (text: string) => cpuSecondsOf(() => Array.from({ length: 20 }, () => scoreSentiment(text)));
      const plain = fill('This is a good sentence about bread. ');
      await score(plain);
      expect(await score(fill(unit))).toBeLessThan(60 * (await score(plain)));
    },
  );
});
