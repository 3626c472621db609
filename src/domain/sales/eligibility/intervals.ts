/** Milliseconds since the epoch; `end` is exclusive. */
export type Interval = { start: number; end: number };

/** Returns the union of intervals, in order, with adjacent ones merged. */
export function unite(intervals: Iterable<Interval>): Interval[] {
  const united: Interval[] = [];
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = united.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else if (end > start) united.push({ start, end });
  }
  return united;
}

/** Returns the intersection of two lists of merged intervals. */
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

/** Returns merged intervals without the parts that others cover. */
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

/** Returns the first moment from `moment` on that is within an interval; null if there is none. */
export function firstMoment(intervals: readonly Interval[], moment: number): number | null {
  const next = intervals.find(({ end }) => end > moment);
  return next ? Math.max(next.start, moment) : null;
}
