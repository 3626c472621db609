/** Whether a text begins with an existing date, such as 2026-03-31. `Date` does not tell: it turns 30 February into a day in March. */
export function beginsWithDay(text: string): boolean {
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  if (!day) return false;
  const midnight = new Date(day);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

/**
 * Whether a moment is of the years 0001 to 9999: in RFC 3339 a year has four digits, and there is a year 0, which PostgreSQL does not know.
 */
export function isInCommonYears(moment: Date): boolean {
  const year = moment.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
