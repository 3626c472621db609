/** Milliseconds since the epoch; `end` is not in it. */
export type Interval = { start: number; end: number };

/** Returns intervals in order, those that touch as one. */
export function unite(intervals: Iterable<Interval>): Interval[] {
  const united: Interval[] = [];
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = united.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else if (end > start) united.push({ start, end });
  }
  return united;
}

/** Returns what is in both of two lists of united intervals. */
export function intersect(these: readonly Interval[], those: readonly Interval[]): Interval[] {
  const common: Interval[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [these[i], those[j]];
    if (!a || !b) return common;
    const [start, end] = [Math.max(a.start, b.start), Math.min(a.end, b.end)];
    if (start < end) common.push({ start, end });
    if (a.end < b.end) i += 1;
    else j += 1;
  }
}

/** Returns what of united intervals is in none of others. */
export function subtract(intervals: readonly Interval[], others: readonly Interval[]): Interval[] {
  const holes = unite(others);
  const gaps = [...holes, { start: Number.POSITIVE_INFINITY, end: Number.POSITIVE_INFINITY }].map(
    ({ start }, index) => ({
      start: holes[index - 1]?.end ?? Number.NEGATIVE_INFINITY,
      end: start,
    }),
  );
  return intersect(intervals, gaps);
}

/** Returns the first moment from `moment` on that is in one of the intervals; null where none is left. */
export function firstMoment(intervals: readonly Interval[], moment: number): number | null {
  const next = intervals.find(({ end }) => end > moment);
  return next ? Math.max(next.start, moment) : null;
}
