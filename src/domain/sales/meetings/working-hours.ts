import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { checkClock } from '#domain/core/validation.ts';
import { checkTimeZone } from '#domain/sales/lead-columns.ts';
import type { User } from '#generated/prisma/client.ts';

/** When a user holds meetings: times of day, as `09:00`, ISO weekdays, and the zone of that clock; null is the lead's own. */
export type WorkingHours = { start: string; end: string; days: number[]; timeZone: string | null };

/** Working hours as they are given. */
export type WorkingHoursInput = Omit<WorkingHours, 'days' | 'timeZone'> & {
  days: readonly number[];
  timeZone?: string | null | undefined;
};

/** Columns of a user. */
type WorkColumns = Pick<User, 'workStart' | 'workEnd' | 'workDays' | 'timeZone'>;

/** Returns when a user holds meetings: as they have set it, else when calls are made. */
export function workingHoursOf({ sales }: Pick<Deps, 'sales'>, user: WorkColumns): WorkingHours {
  const { callWindow } = sales;
  // Of users who were there before, the column is null.
  const days: number[] | null = user.workDays;
  return {
    start: user.workStart ?? callWindow.start,
    end: user.workEnd ?? callWindow.end,
    days: days?.length ? days : [...callWindow.days],
    timeZone: user.timeZone,
  };
}

/** Returns working hours as columns of a user, cleared where they are null. Throws BadUserInput. */
export function workColumns(field: string, hours: WorkingHoursInput | null): WorkColumns {
  if (hours === null) return { workStart: null, workEnd: null, workDays: [], timeZone: null };
  const { start, end, timeZone } = hours;
  checkClock(`${field}.start`, start);
  checkClock(`${field}.end`, end);
  if (start >= end) throw new BadUserInput(`${field}.end`, 'The hours end before they begin.');
  const days = [...new Set(hours.days)].sort();
  if (days.length === 0 || !days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7))
    throw new BadUserInput(`${field}.days`, 'Give at least one day, each from 1 for Monday to 7 for Sunday.');
  return {
    workStart: start,
    workEnd: end,
    workDays: days,
    timeZone: checkTimeZone(`${field}.timeZone`, timeZone),
  };
}
