import type { TimeTeller } from './sentences/say-time.ts';

/** Returns the date of a moment in the zone of the lead, such as 2026-12-01; that of a day is the day itself. */
export const dateOf = (at: string, { zone }: Pick<TimeTeller, 'zone'>): string =>
  at.includes('T') ? new Date(at).toLocaleDateString('sv-SE', { timeZone: zone }) : at;

/** Returns the same as a day that somebody names. */
export function dayOf(at: string, teller: Pick<TimeTeller, 'zone'>) {
  const [year, month, day] = dateOf(at, teller).split('-').map(Number);
  return { kind: 'date' as const, year: year as number, month: month as number, day: day as number };
}
