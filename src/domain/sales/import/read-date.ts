import { Temporal } from 'temporal-polyfill';
import { beginsWithDay, isInCommonYears } from '#domain/core/calendar-days.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { startOfDay } from '#domain/sales/eligibility/clock.ts';

/** What the reading of a day depends on: the present, and the time zone of whoever imports, if it is known. */
export type DayRules = { now(): Date; timeZone: string | null };

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Returns the moment of an unambiguous date: the month of 03/04/2026 is unknown. A time without an offset is in UTC. Throws BadUserInput. */
export function readDate(rules: DayRules, field: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const isDay = text.length <= 10;
  const iso = text.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  const isLocal = !isDay && !/(?:Z|[+-]\d{2}:\d{2})$/.test(iso);
  const date = ISO_DATE.test(text) ? new Date(`${iso}${isLocal ? 'Z' : ''}`) : null;
  if (date && isInCommonYears(date) && beginsWithDay(text)) return isDay ? momentOfDay(rules, text, date) : date;
  throw new BadUserInput(field, 'Give the day as 2026-03-31, or with its time as 2026-03-31T09:30:00Z.');
}

/** Where a day begins first. */
const EARLIEST_ZONE = '+14:00';

/**
 * Returns when a day begins in UTC. Where that is still to come, but the day has begun for whoever imports, or may have, it returns when it
 * began for them: east of Greenwich, today is in the future for hours.
 */
function momentOfDay({ now, timeZone }: DayRules, text: string, inUtc: Date): Date {
  if (inUtc <= now()) return inUtc;
  const began = startOfDay(Temporal.PlainDate.from(text), timeZone ?? EARLIEST_ZONE);
  return began > now().getTime() ? inUtc : new Date(began);
}
