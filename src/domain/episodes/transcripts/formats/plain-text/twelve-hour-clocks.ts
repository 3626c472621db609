import { removeDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import { CLOCK, narrowClocks, parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';

/** What says the half of a day: in English, Hebrew and Arabic. */
const [BEFORE_NOON, AFTER_NOON] = [String.raw`a\.?m\.?|לפנה["״]?צ|ص`, String.raw`p\.?m\.?|אחה["״]?צ|م`];

/** `10:02 AM`, `1:02:11 p.m.`: hours and minutes, unlike the clock of a recording. */
const CLOCK_OF_HALF = String.raw`(?:0?\d|1[0-2]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?\s{0,2}(?:${BEFORE_NOON}|${AFTER_NOON})(?![\p{L}\p{N}])`;

const PARTS = new RegExp(String.raw`^(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*(${BEFORE_NOON})?`, 'iu');

/** Where the clocks of turns stand: at the beginning of a line, or behind a name. */
const PLACES = [
  new RegExp(String.raw`(?<=^\s*[([@]?)${CLOCK_OF_HALF}(?:\s*(?:-->|[-–—])\s*${CLOCK_OF_HALF})?`, 'iu'),
  new RegExp(String.raw`(?<=^\s*\S[^:]{0,60}[\s([])${CLOCK_OF_HALF}(?=\s*(?:$|[)\]]))`, 'iu'),
];
const ANY_CLOCK_OF_HALF = new RegExp(CLOCK_OF_HALF, 'giu');

/** Another clock where those of turns stand. */
const OTHER_CLOCK = new RegExp(String.raw`^\s*[([@]?${CLOCK}|(?<=^\s*\S.{0,60}[\s([:])${CLOCK}[)\]]?:?\s*$`, 'u');

/** Characters of a line that can begin a turn. */
const MAX_CHARACTERS = 100;

/** Returns a line whose turn begins at a clock of twelve hours with one of twenty-four hours in its place; null for other lines. */
export type TwelveHourReader = (line: string) => string | null;

/**
 * Finds how to read a file whose turns begin at clocks of twelve hours, as chats and meetings have them, and the first of these in seconds
 * of the day. Returns null for a file in which other clocks are as many.
 */
export function findTwelveHourClocks(lines: Iterable<string>): { read: TwelveHourReader; firstSeconds: number } | null {
  const counts = PLACES.map((place) => ({ place, count: 0, firstSeconds: 0 }));
  let others = 0;
  for (const line of lines) {
    const head = readHead(line);
    if (!/\d:\d/.test(head)) continue;
    const found = counts.find(({ place }) => place.test(head));
    if (!found) others += OTHER_CLOCK.test(head) ? 1 : 0;
    else if (found.count++ === 0)
      found.firstSeconds = parseTimestamp(toFullClock(found.place.exec(head)?.[0] ?? '')) ?? 0;
  }
  const most = counts.reduce((one, next) => (next.count > one.count ? next : one));
  if (most.count <= others) return null;
  const { place, firstSeconds } = most;
  return { read: (line) => readLine(line, place), firstSeconds };
}

const readHead = (line: string): string => narrowClocks(removeDirectionMarks(line.slice(0, MAX_CHARACTERS)));

function readLine(line: string, place: RegExp): string | null {
  const head = readHead(line);
  const match = place.exec(head);
  if (!match) return null;
  const clocks = match[0].replace(ANY_CLOCK_OF_HALF, toFullClock);
  return head.slice(0, match.index) + clocks + head.slice(match.index + match[0].length) + line.slice(MAX_CHARACTERS);
}

/** Noon is 12 PM, and midnight 12 AM. */
function toFullClock(clock: string): string {
  const [, hours, minutes, seconds = '00', beforeNoon] = PARTS.exec(clock) ?? [];
  const hour = (Number(hours) % 12) + (beforeNoon === undefined ? 12 : 0);
  return `${String(hour).padStart(2, '0')}:${minutes}:${seconds}`;
}
