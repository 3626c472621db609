import { Temporal } from 'temporal-polyfill';
import type { CallContext } from './machine.ts';
import { atMinute } from './times/resolve-time.ts';
import type { DayPart, HourBounds, SpokenTime } from './times/spoken-time.ts';

/** The hours from which on somebody is called who names no more than a part of the day. */
const FIRST_HOURS: Record<DayPart, number> = { morning: 0, noon: 12, afternoon: 14, evening: 17, night: 19 };
/** The hours before which they are called. */
const LAST_HOURS: Record<DayPart, number> = { morning: 12, noon: 15, afternoon: 18, evening: 23, night: 24 };
/** How far ahead a campaign calls somebody again who asks for it, in milliseconds. */
export const CALL_BACK_WITHIN_MS = 60 * 24 * 3_600_000;
const DAY_MINUTES = 24 * 60;
/** How much later somebody is called who asks for it on the same day. */
const LATER = { hours: 2 };
/** How long before the end of the hours that suit somebody is called at the latest. */
const LAST_CALL_MINUTES = 15;

/**
 * Returns the earliest moment that suits for a call on a day, such as 2026-12-01; the day itself if all of its hours do, and null if they
 * are over.
 */
export function earliestOn(date: string, said: SpokenTime, context: CallContext): string | null {
  const { part, bounds = null } = said;
  const now = nowOf(context);
  const day = Temporal.PlainDate.from(date);
  const from = Math.max(bounds?.from ?? 0, part ? FIRST_HOURS[part] * 60 : 0);
  const first = atMinute(day, from, context.zone);
  const isAhead = Temporal.ZonedDateTime.compare(first, now) > 0;
  if (isAhead) return from > 0 ? toISOString(first) : date;
  return day.equals(now.toPlainDate()) ? laterWithin(said, now) : date;
}

/** Returns a moment later on the same day, within the hours that suit; null if there is none. */
function laterWithin({ part, bounds = null }: SpokenTime, now: Temporal.ZonedDateTime): string | null {
  const later = now.add(LATER).round({ smallestUnit: 'minute', roundingIncrement: 30 });
  const today = now.toPlainDate();
  if (part === null && bounds === null) return later.toPlainDate().equals(today) ? toISOString(later) : null;
  const to = Math.min(bounds?.to ?? DAY_MINUTES, part ? LAST_HOURS[part] * 60 : DAY_MINUTES);
  const last = atMinute(today, to - LAST_CALL_MINUTES, now.timeZoneId);
  const chosen = Temporal.ZonedDateTime.compare(later, last) < 0 ? later : last;
  return Temporal.ZonedDateTime.compare(chosen, now) > 0 ? toISOString(chosen) : null;
}

/** Returns the first moment of today within bounds at which meetings are held, too; null if there is none. */
export function laterToday({ from }: HourBounds, context: CallContext): string | null {
  const now = nowOf(context);
  const first = atMinute(now.toPlainDate(), from, context.zone);
  const isSoon = Temporal.ZonedDateTime.compare(first, now) > 0;
  return isSoon && context.isOpen(new Date(first.epochMilliseconds)) ? toISOString(first) : null;
}

const nowOf = ({ now, zone }: CallContext) =>
  Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);

const toISOString = (at: Temporal.ZonedDateTime): string => new Date(at.epochMilliseconds).toISOString();
