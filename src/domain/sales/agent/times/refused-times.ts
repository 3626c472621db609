/** What words in one language say of days and times of day that do not suit. */
export type RefusedTimes = {
  /** Returns words without the days and times of day that they refuse. */
  withoutRefused(words: string): string;
  /** Whether one of the days of words is not among the rest of them, which they do not refuse. */
  refusesDay(words: string, rest: string): boolean;
};

/** Creates it from the patterns of what is refused, and the source of one of a day. */
export function createRefusedTimes(refused: readonly RegExp[], day: string): RefusedTimes {
  const days = new RegExp(` ${day}(?= )`, 'g');
  const countDays = (words: string): number => words.match(days)?.length ?? 0;
  return {
    withoutRefused: (words) => refused.reduce((text, pattern) => text.replace(pattern, ' ,'), words),
    refusesDay: (words, rest) => countDays(words) > countDays(rest),
  };
}
