import meta from 'moment-timezone/data/meta/latest.json' with { type: 'json' };

/** The location of the city that a zone is named after, in degrees. */
export type Place = { latitude: number; longitude: number };

type Zone = { name: string; lat: number; long: number };
const ZONES: Record<string, Zone> = meta.zones;

const NAMES = new Map(
  [...Object.keys(ZONES), ...Intl.supportedValuesOf('timeZone')].map((name) => [name.toLowerCase(), name]),
);

/** Whether it is a zone of the IANA database, and no offset or abbreviation, because IST alone has four meanings. */
export const isTimeZone = (name: string): boolean => findTimeZone(name) !== null;

/** Returns a zone in its IANA spelling; null if there is none. */
export function findTimeZone(name: string): string | null {
  if (name.toUpperCase() === 'UTC') return 'UTC';
  const known = NAMES.get(name.toLowerCase());
  if (known || !name.includes('/')) return known ?? null;
  try {
    const zone = canonical(name);
    // An alias in another spelling than IANA's, such as asia/tel_aviv.
    return /(?:^|\/)[a-z]/.test(name) || name === name.toUpperCase() ? zone : name;
  } catch {
    return null;
  }
}

/** Returns the zones of an ISO 3166 country. */
export const zonesOfCountry = (country: string): readonly string[] =>
  (meta.countries as Record<string, { zones: string[] }>)[country]?.zones ?? [];

/** Returns the location of a zone's city; null for zones without one, such as UTC. */
export function placeOfZone(name: string): Place | null {
  const zone = ZONES[name] ?? ZONES[namesByCanonical().get(canonical(name)) ?? ''];
  return zone ? { latitude: zone.lat, longitude: zone.long } : null;
}

/** Maps canonical names to zones: aliases such as Asia/Tel_Aviv share the canonical name of their zone. */
let byCanonical: Map<string, string> | undefined;
function namesByCanonical(): Map<string, string> {
  byCanonical ??= new Map(Object.keys(ZONES).map((name) => [canonical(name), name]));
  return byCanonical;
}

const canonical = (timeZone: string) => new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
