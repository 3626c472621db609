import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { endOf, type Fields, isFields, startOf } from './fields.ts';
import type { JsonSource } from './source.ts';

/** A time of a calendar, as ISO 8601 writes it. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

const FROM_FIRST = 'All times are of a calendar: they were counted from the first of them.';

/** Counts times of a calendar, where segments have these (Granola), from the first of them, which is told. */
export function countFromFirst(source: JsonSource, warnings: ParseWarnings): JsonSource {
  const starts = source.items.flatMap((item) => (isFields(item) ? (readDate(startOf(item)) ?? []) : []));
  if (starts.length === 0 || starts.length < source.items.length / 2) return source;
  const first = starts.reduce((earliest, time) => Math.min(earliest, time));
  warnings.add(null, FROM_FIRST);
  const secondsOf = (value: unknown) => {
    const time = readDate(value);
    return time === null ? null : (time - first) / 1000;
  };
  const items = source.items.map((item) =>
    isFields(item) ? { ...withoutTimes(item), start: secondsOf(startOf(item)), end: secondsOf(endOf(item)) } : item,
  );
  return { ...source, items, unit: 1, guessed: false };
}

function readDate(value: unknown): number | null {
  const time = typeof value === 'string' && DATE_TIME.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

const TIMES = new Set([
  'startTime',
  'endTime',
  'start_time',
  'end_time',
  'start_timestamp',
  'end_timestamp',
  'timestamp',
  'time',
]);

const withoutTimes = (item: Fields): Fields =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !TIMES.has(name)));
