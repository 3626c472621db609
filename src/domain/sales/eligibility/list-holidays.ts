import Holidays, { type HolidaysTypes } from 'date-holidays';

/** A day on which nobody is called; `fromEve` if it begins the evening before. */
export type Holiday = { date: string; name: string; fromEve: boolean };

/** Which holidays of a country's year to list, by the types of date-holidays. */
export type HolidayRequest = { country: string; year: number; types: readonly string[] };

/**
 * Days of mourning, by their rules, because date-holidays lists them as observances, together with Herzl Day and Valentine's Day. Israel:
 * Holocaust Remembrance Day, Memorial Day, and the Ninth of Av.
 */
const MOURNING: Record<string, readonly string[]> = { IL: ['27 Nisan', '4 Iyyar', '9 Av'] };

/** Returns the holidays of a country's year; none for a country that date-holidays does not know. */
export function listHolidays({ country, year, types }: HolidayRequest): Holiday[] {
  const calendar = new Holidays(country, { types: [...types, 'observance'] as HolidaysTypes.HolidayType[] });
  return (calendar.getHolidays(year) || [])
    .filter(({ type, rule }) => types.includes(type) || MOURNING[country]?.some((mourned) => rule.startsWith(mourned)))
    .flatMap(({ date, name, start, end }) =>
      daysFrom(date.slice(0, 10), end.getTime() - start.getTime()).map((day, index) => ({
        date: day,
        name,
        // A day of the Hebrew or Islamic calendar is formatted as `2026-09-21 00:00:00 -0600`: six hours before midnight.
        fromEve: index === 0 && date.endsWith('-0600'),
      })),
    );
}

const DAY_MS = 24 * 3_600_000;

function daysFrom(first: string, durationMs: number): string[] {
  const days = Math.max(1, Math.round(durationMs / DAY_MS));
  return Array.from({ length: days }, (_, index) =>
    new Date(Date.parse(first) + index * DAY_MS).toISOString().slice(0, 10),
  );
}
