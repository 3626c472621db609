import { Temporal } from 'temporal-polyfill';
import type { CalendarDay } from '#domain/sales/agent/languages/pack.ts';

/** A stretch of days as it was said; a month is 1 for January. `rank` counts the thirds of it: 0 for its beginning, 2 for its end. */
export type Stretch = { unit: 'week' | 'month' | 'year' | number; rank: 0 | 1 | 2; after: boolean };

/** The days of a third of a month, and of a third of a week, roughly. */
const MONTH_THIRD = 10;
const WEEK_THIRD = 2;

/** Returns the first day of a stretch, or the first one after it, such as 2026-12-01: of the next week, or of the coming January; today if it is over. */
export function firstDayOf(stretch: Stretch, today: CalendarDay, firstWeekday: number): string {
  const first = startOf(stretch, today, firstWeekday);
  const { year, month, day } = today;
  const now = Temporal.PlainDate.from({ year, month, day }).toString();
  return first < now ? now : first;
}

function startOf({ unit, rank, after }: Stretch, { year, month, day }: CalendarDay, firstWeekday: number): string {
  const today = Temporal.PlainDate.from({ year, month, day });
  if (unit === 'week') {
    const start = today.add({ days: (firstWeekday - today.dayOfWeek + 7) % 7 || 7 });
    return start.add({ days: after ? 7 : rank * WEEK_THIRD }).toString();
  }
  if (unit === 'year') return Temporal.PlainDate.from({ year: year + (after ? 2 : 1), month: 1, day: 1 }).toString();
  const first = today.with({ day: 1 });
  const start = unit === 'month' ? first.add({ months: 1 }) : first.add({ months: (unit - month + 12) % 12 });
  return (after ? start.add({ months: 1 }) : start.add({ days: rank * MONTH_THIRD })).toString();
}
