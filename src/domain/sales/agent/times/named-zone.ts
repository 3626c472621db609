/** Zones as they are named beside an hour, and how Intl names them in English. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/ (?:eastern|e[sd]?t)(?= )/, 'Eastern'],
  [/ (?:pacific|p[sd]?t)(?= )/, 'Pacific'],
  [/ (?:central(?: (?:standard|daylight))? time|c[sd]t)(?= )/, 'Central'],
  [/ (?:mountain(?: (?:standard|daylight))? time|m[sd]t)(?= )/, 'Mountain'],
  [/ (?:gmt|greenwich(?: mean)? time)(?= )/, 'Greenwich'],
  [/ (?:utc|zulu)(?= )/, 'Coordinated'],
  [/ (?:israeli? time|שעון ישראל)(?= )/, 'Israel'],
];
/** The clock of whoever calls, or of another place. */
const ELSEWHERE =
  /(?<! (?:for|take|taking|of|value|waste|wasting|appreciate|with)) your (?:time|clock)(?= )| שעון (?!שלי |שלנו |מקומי )\S+(?= )/;

/** Whether words name, beside an hour, another clock than that of a zone by IANA's name: what the hour is there is not certain. */
export function namesOtherClock(words: string, zone: string): boolean {
  const named = NAMES.find(([pattern]) => pattern.test(words))?.[1];
  return named ? !longName(zone).startsWith(named) : ELSEWHERE.test(words);
}

function longName(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'long' }).formatToParts(WINTER);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** In summer London is not on Greenwich's time. */
const WINTER = new Date('2026-01-01T00:00:00Z');
