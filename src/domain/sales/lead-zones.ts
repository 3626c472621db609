import { Temporal } from 'temporal-polyfill';
import type { SalesRules } from '#config/sales.ts';
import type { Lead } from '#generated/prisma/client.ts';
import { placeOfNumber } from './phones/number-place.ts';
import { zonesOfCountry } from './phones/time-zones.ts';

type Located = Pick<Lead, 'phone' | 'timeZone'>;

/**
 * Returns every zone that a lead may be in: the given one, else those of its number, plus all zones of its country if people keep their
 * numbers when they move; none for a number without a place.
 */
export function possibleTimeZones(
  { allZonesCountries }: Pick<SalesRules, 'allZonesCountries'>,
  lead: Located,
): readonly string[] {
  const ofNumber = zonesOf(lead);
  if (lead.timeZone !== null || ofNumber.length === 0) return ofNumber;
  const { country, type } = placeOfNumber(lead.phone);
  // A landline number stays where it is.
  if (country === null || type === 'FIXED_LINE' || !allZonesCountries.includes(country)) return ofNumber;
  return [...new Set([...ofNumber, ...zonesOfCountry(country)])];
}

/** Returns the given zone of a lead, else those of its number's prefix. */
const zonesOf = ({ phone, timeZone }: Located): readonly string[] =>
  timeZone === null ? placeOfNumber(phone).timeZones : [timeZone];

/** Returns the zone of a lead: the given one, else the middle one of those of its number, from west to east. */
export function timeZoneOf(lead: Located, at: Date = new Date()): string {
  const zones = zonesOf(lead);
  if (zones.length <= 1) return zones[0] ?? 'UTC';
  const eastward = zones
    .map((zone) => ({
      zone,
      offset: Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).offsetNanoseconds,
    }))
    .sort((a, b) => a.offset - b.offset || (a.zone < b.zone ? -1 : 1));
  return (eastward[Math.floor(eastward.length / 2)] as { zone: string }).zone;
}

/** Returns the local time of a lead at a moment, as if it were UTC. */
export function localTimeOf(lead: Located, at: Date): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZoneOf(lead, at));
  return new Date(local.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds);
}
