import { Temporal } from 'temporal-polyfill';
import type { Lead } from '#generated/prisma/client.ts';
import { placeOfNumber } from './phones/number-place.ts';

type Located = Pick<Lead, 'phone' | 'timeZone'>;

/** Returns every zone that a lead can be in: the one that was given, else those of its number; none for a number of no place. */
export function possibleTimeZones({ phone, timeZone }: Located): readonly string[] {
  return timeZone === null ? placeOfNumber(phone).timeZones : [timeZone];
}

/** Returns the zone of a lead: the one that was given, else the middle one, from west to east, of those of its number. */
export function timeZoneOf(lead: Located, at: Date = new Date()): string {
  const zones = possibleTimeZones(lead);
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
