import { Temporal } from 'temporal-polyfill';
import type { SalesRules } from '#config/sales.ts';
import type { Lead } from '#generated/prisma/client.ts';
import { placeOfNumber } from './phones/number-place.ts';
import { zonesOfCountry } from './phones/time-zones.ts';

type Located = Pick<Lead, 'phone' | 'timeZone'>;

/**
 * Returns every zone that a lead can be in: the one that was given, else those of its number, with all of its country where people move
 * with their numbers; none for a number of no place.
 */
export function possibleTimeZones(
  { allZonesCountries }: Pick<SalesRules, 'allZonesCountries'>,
  lead: Located,
): readonly string[] {
  const ofNumber = zonesOf(lead);
  if (lead.timeZone !== null || ofNumber.length === 0) return ofNumber;
  const { country, type } = placeOfNumber(lead.phone);
  // A number of a fixed line stays where it is.
  if (country === null || type === 'FIXED_LINE' || !allZonesCountries.includes(country)) return ofNumber;
  return [...new Set([...ofNumber, ...zonesOfCountry(country)])];
}

/** Returns the zones of a lead by the first digits of its number, unless one was given. */
const zonesOf = ({ phone, timeZone }: Located): readonly string[] =>
  timeZone === null ? placeOfNumber(phone).timeZones : [timeZone];

/** Returns the zone of a lead: the one that was given, else the middle one, from west to east, of those of its number. */
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

/** Returns what a lead's clock shows at a moment, as if that were UTC. */
export function localTimeOf(lead: Located, at: Date): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZoneOf(lead, at));
  return new Date(local.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds);
}
