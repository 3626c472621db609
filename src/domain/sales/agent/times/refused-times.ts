/** What words in one language say of days and times of day that do not suit. */
export type RefusedTimes = {
  /** Returns words without the days and times of day that they refuse. */
  withoutRefused(words: string): string;
  /** Whether one of the days of words is not among the rest of them, which they do not refuse. */
  refusesDay(words: string, rest: string): boolean;
  /** Returns the first week or month of words that is not among the rest of them; null if there is none. */
  refusedStretch(words: string, rest: string): string | null;
};

/** Creates it from the patterns of what is refused, and the sources of those of a day, and of a week or a month. */
export function createRefusedTimes(refused: readonly RegExp[], day: string, stretch: string): RefusedTimes {
  const days = new RegExp(` ${day}(?= )`, 'g');
  const countDays = (words: string): number => words.match(days)?.length ?? 0;
  const stretches = new RegExp(` ${stretch}(?= )`, 'g');
  return {
    withoutRefused: (words) => refused.reduce((text, pattern) => text.replace(pattern, ' ,'), words),
    refusesDay: (words, rest) => countDays(words) > countDays(rest),
    refusedStretch: (words, rest) => {
      const remaining: string[] = rest.match(stretches) ?? [];
      return (words.match(stretches) ?? []).find((named) => !remaining.includes(named)) ?? null;
    },
  };
}
