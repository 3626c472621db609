import { readLabel } from '#domain/episodes/transcripts/speakers/labels.ts';
import { removeDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import { CLOCK, narrowClocks } from '#domain/episodes/transcripts/text/timestamps.ts';
import { parseTurnLine, type TurnLine } from './turn-lines.ts';

/** What says the half of a day: in English, Hebrew and Arabic. */
const [BEFORE_NOON, AFTER_NOON] = [String.raw`a\.?m\.?|לפנה["״]?צ|ص`, String.raw`p\.?m\.?|אחה["״]?צ|م`];
const HALF = String.raw`\s{0,2}(?:${BEFORE_NOON}|${AFTER_NOON})(?![\p{L}\p{N}])`;

/**
 * `10:02 AM`, `1:02:11 p.m.`: hours and minutes, unlike the clock of a recording. Hour 0 is of such a clock, and what stands before a colon
 * is a label, as of an interviewer م.
 */
const CLOCK_OF_HALF = String.raw`(?:0?[1-9]|1[0-2]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?${HALF}(?!\s*:)`;

const PARTS = new RegExp(String.raw`^(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*(${BEFORE_NOON})?`, 'iu');

/** Where the clocks of turns stand: at the beginning of a line, or behind a name. */
const PLACES = [
  new RegExp(
    String.raw`(?<=^\s*[([@]?)${CLOCK_OF_HALF}(?:\s*(?:-->|[-–—])\s*${CLOCK_OF_HALF})?(?!\s*(?:-->|[-–—])\s*\d{1,2}:)`,
    'iu',
  ),
  new RegExp(String.raw`(?<=^\s*\S[^:]{0,60}[\s([])${CLOCK_OF_HALF}(?=\s*(?:$|[)\]]))`, 'iu'),
];
const ANY_CLOCK_OF_HALF = new RegExp(CLOCK_OF_HALF, 'giu');

/** Another clock where those of turns stand: `00:05 …`, `Ann [00:05]: …`, `Ann | 00:05 | …`, `Ann 00:05`. */
const OTHER = String.raw`${CLOCK}(?!\d|${HALF})`;
const OTHER_CLOCK = new RegExp(
  String.raw`^\s*[([@]?${OTHER}|(?:[([]|[|:–-]\s*|\t|\s{2})${OTHER}|[\s([:]${OTHER}[)\]]?:?\s*$`,
  'iu',
);

/** Turns that tell such a file, and how many there are for each other clock: one may be in a title, or in a sentence. */
const [MIN_TURNS, MIN_TURNS_FOR_OTHER] = [2, 5];

/** Characters of a line that can begin a turn. */
const MAX_CHARACTERS = 100;

const HALF_DAY_SECONDS = 12 * 3600;

/**
 * Returns a line, numbered from 1, whose turn begins at a clock of twelve hours with one of twenty-four hours in its place; null for other
 * lines.
 */
export type TwelveHourReader = (line: string, number: number) => string | null;

/**
 * Finds how to read a file whose turns begin at clocks of twelve hours, as chats and meetings have them. Returns null for a file in which
 * these are few, or other clocks many.
 */
export function findTwelveHourClocks(lines: Iterable<string>): TwelveHourReader | null {
  const [leading, behindNames] = PLACES.map((place) => new TurnsAtPlace(place)) as [TurnsAtPlace, TurnsAtPlace];
  let [number, others] = [0, 0];
  for (const line of lines) {
    number += 1;
    const isOfHalf = [leading, behindNames].some((turns) => turns.add(line, number));
    if (!isOfHalf && isOtherTurn(line)) others += 1;
  }
  const most = behindNames.count > leading.count ? behindNames : leading;
  if (most.count < MIN_TURNS || most.count < others * MIN_TURNS_FOR_OTHER) return null;
  const titleLine = most.isInOrder() ? 0 : most.findTitle();
  if (titleLine === null) return null;
  return (line, lineNumber) => (lineNumber === titleLine ? null : readLine(line, most.place));
}

const STYLE = { timesLead: true, isNameBeforeTime: true, namesFollow: false };

function isOtherTurn(line: string): boolean {
  const head = readHead(line.replace(/\*\*/g, ''));
  if (!/\d:\d/.test(head)) return false;
  return OTHER_CLOCK.test(head) || parseTurnLine(line.slice(0, 2 * MAX_CHARACTERS), STYLE) !== null;
}

type Turn = TurnLine & { number: number };

/** The turns whose clocks of twelve hours stand at a place; the lines of text under the first of them are counted. */
class TurnsAtPlace {
  readonly place: RegExp;
  count = 0;
  #first: Turn | null = null;
  #second: Turn | null = null;
  #linesOfFirst = 0;

  constructor(place: RegExp) {
    this.place = place;
  }

  /** Returns whether a line has such a clock at the place, be it one of a turn or not. */
  add(line: string, number: number): boolean {
    const timed = readLine(line, this.place);
    const turn = timed === null ? null : parseTurnLine(timed.slice(0, 2 * MAX_CHARACTERS), STYLE);
    if (!turn) {
      if (this.count === 1 && line.trim() !== '') this.#linesOfFirst += 1;
      return timed !== null;
    }
    this.count += 1;
    if (this.count === 1) this.#first = { ...turn, number };
    else this.#second ??= { ...turn, number };
    return true;
  }

  /** Whether the second turn follows the first, on the same day or over midnight. */
  isInOrder(): boolean {
    const back = (this.#first?.startSeconds ?? 0) - (this.#second?.startSeconds ?? 0);
    return back <= 0 || back > HALF_DAY_SECONDS;
  }

  /** Returns the line of the first turn if that is a title, as nobody says anything in it where others have names; null if it is none. */
  findTitle(): number | null {
    if (!this.#first || !this.#second || this.#linesOfFirst > 0) return null;
    const { speaker, text, number } = this.#first;
    const isSaid = speaker === null ? isLabelled(this.#first) : text !== '';
    return !isSaid && isLabelled(this.#second) ? number : null;
  }
}

const isLabelled = ({ speaker, text }: TurnLine): boolean => (speaker ?? readLabel(text, false)?.name ?? null) !== null;

const readHead = (line: string): string => narrowClocks(removeDirectionMarks(line.slice(0, MAX_CHARACTERS)));

function readLine(line: string, place: RegExp): string | null {
  const head = removeDirectionMarks(line.slice(0, MAX_CHARACTERS));
  const match = place.exec(narrowClocks(head));
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
