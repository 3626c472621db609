import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { checkClock, checkClosingTime } from '#domain/core/validation.ts';
import { checkTimeZone } from '#domain/sales/lead-columns.ts';
import type { User } from '#generated/prisma/client.ts';

/** When a user holds meetings: local times such as `09:00`, ISO weekdays, and their time zone; null means the lead's. */
export type WorkingHours = { start: string; end: string; days: number[]; timeZone: string | null };

/** Working hours as given by a client. */
export type WorkingHoursInput = Omit<WorkingHours, 'days' | 'timeZone'> & {
  days: readonly number[];
  timeZone?: string | null | undefined;
};

type WorkColumns = Pick<User, 'workStart' | 'workEnd' | 'workDays' | 'timeZone'>;

/** Returns a user's working hours; the call window if the user has set none. */
export function workingHoursOf({ sales }: Pick<Deps, 'sales'>, user: WorkColumns): WorkingHours {
  const { callWindow } = sales;
  // The column is null for users from before it was added.
  const days: number[] | null = user.workDays;
  return {
    start: user.workStart ?? callWindow.start,
    end: user.workEnd ?? callWindow.end,
    days: days?.length ? days : [...callWindow.days],
    timeZone: user.timeZone,
  };
}

/** Returns working hours as columns of a user, or cleared columns for null. Throws BadUserInput. */
export function workColumns(field: string, hours: WorkingHoursInput | null): WorkColumns {
  if (hours === null) return { workStart: null, workEnd: null, workDays: [], timeZone: null };
  const { start, end, timeZone } = hours;
  checkClock(`${field}.start`, start);
  checkClosingTime(`${field}.end`, end);
  if (start >= end)
    throw new BadUserInput(
      `${field}.end`,
      'The hours end before they begin; give 24:00 for midnight, as they end on the day on which they begin.',
    );
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
