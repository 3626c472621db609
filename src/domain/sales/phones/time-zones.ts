import meta from 'moment-timezone/data/meta/latest.json' with { type: 'json' };

/** Where the city is that a zone is named after: degrees. */
export type Place = { latitude: number; longitude: number };

type Zone = { name: string; lat: number; long: number };
const ZONES: Record<string, Zone> = meta.zones;

const NAMES = new Map(
  [...Object.keys(ZONES), ...Intl.supportedValuesOf('timeZone')].map((name) => [name.toLowerCase(), name]),
);

/** Whether it is a zone of IANA's database: no offset, and no abbreviation, as IST means four of them. */
export const isTimeZone = (name: string): boolean => findTimeZone(name) !== null;

/** Returns a zone as IANA spells it; null where there is none. */
export function findTimeZone(name: string): string | null {
  if (name.toUpperCase() === 'UTC') return 'UTC';
  const known = NAMES.get(name.toLowerCase());
  if (known || !name.includes('/')) return known ?? null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return null;
  }
}

/** Returns the zones of a country by ISO 3166. */
export const zonesOfCountry = (country: string): readonly string[] =>
  (meta.countries as Record<string, { zones: string[] }>)[country]?.zones ?? [];

/** Returns where a zone's city is; null for those of no place, as UTC. */
export function placeOfZone(name: string): Place | null {
  const zone = ZONES[name] ?? ZONES[namesByCanonical().get(canonical(name)) ?? ''];
  return zone ? { latitude: zone.lat, longitude: zone.long } : null;
}

/** Other names of a zone, as Asia/Tel_Aviv, have one canonical name with it. */
let byCanonical: Map<string, string> | undefined;
function namesByCanonical(): Map<string, string> {
  byCanonical ??= new Map(Object.keys(ZONES).map((name) => [canonical(name), name]));
  return byCanonical;
}

const canonical = (timeZone: string) => new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
