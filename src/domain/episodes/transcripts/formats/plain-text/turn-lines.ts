import { readLabel } from '#domain/episodes/transcripts/speakers/labels.ts';
import {
  cleanName,
  isCertainName,
  isFullName,
  isHeading,
  isPlausibleName,
} from '#domain/episodes/transcripts/speakers/names.ts';
import { removeDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import { CLOCK, narrowClocks, parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';

/** The beginning of a turn in plain text, with the text that follows in the same line. */
export type TurnLine = {
  startSeconds: number;
  /** Null if the line has no second time. */
  endSeconds: number | null;
  speaker: string | null;
  text: string;
};

/** A name beside a time; it has a letter, as two times beside each other are none. */
const NAME = String.raw`(?<name>(?=[^:[\]()]{0,59}?\p{L})[^\s:[(][^:[\]()]{0,59}?)`;
const TIME = `(?<time>${CLOCK})`;
const RANGE = String.raw`(?:\s*(?:-->|[-–—,])\s*(?<end>${CLOCK}))?`;

/** `01:30`, `[01:30]`, `0:05 - 0:09`, `[00:05 --> 00:09]`, and what parts it from a text. */
const BRACKETED_TIME = new RegExp(`^[([]${TIME}${RANGE}[)\\]](?:\\s*[-–|:](?=\\s))?`);
const BARE_TIME = new RegExp(`^${TIME}${RANGE}(?:\\s*[-–|:])?(?=\\s|$)`);

/** `Ann: 00:01:30`, `Ann  01:30`, `[Ann] 01:30`. */
const NAME_AND_TIME = [
  new RegExp(`^${NAME}(?:\\s*:\\s*|\\s{2,}|\\t|,\\s+|\\s+[-–|]\\s+)${TIME}${RANGE}\\s*$`, 'u'),
  new RegExp(`^\\[${NAME}\\]:?\\s*${TIME}\\s*$`, 'u'),
];

/** `Ann 01:30`, and `Ann 00:01:30`, in which the colon does not end a name. */
const NAME_SPACE_TIME = new RegExp(`^${NAME}\\s${TIME}${RANGE}\\s*$`, 'u');

/** `Ann (01:30): text`. */
const NAME_AND_BRACKETED_TIME = new RegExp(`^${NAME}\\s*:?\\s*[([]${TIME}${RANGE}[)\\]]\\s*:?(?=\\s|$)`, 'u');

/** Names and times are short; the text after them, which may be long, is not searched. */
const HEAD_CHARACTERS = 100;

/** Properties of the file that decide whether a line begins a turn. */
export type TurnStyle = {
  /** See doTimesLead. */
  timesLead: boolean;
  /** See findNamesBeforeTimes. */
  isNameBeforeTime: boolean;
  /** See doNamesFollowTimes. */
  namesFollow: boolean;
};

/** Reads a line that begins a turn; null if it is text. */
export function parseTurnLine(line: string, { timesLead, isNameBeforeTime, namesFollow }: TurnStyle): TurnLine | null {
  const bare = removeDirectionMarks(line.replace(/\*\*/g, ''))
    .trim()
    .replace(/^@(?=\d)/, '');
  const head = readHead(bare);
  if (!/\d:\d/.test(head)) return null;
  return (
    parseTimeFirst(bare, head, { timesLead, namesFollow }) ??
    parseNameBySpace(head, isNameBeforeTime) ??
    parseNameFirst(bare, head)
  );
}

const readHead = (bare: string): string => narrowClocks(bare.slice(0, HEAD_CHARACTERS));

/** Lines of a title, at most. */
const MAX_TITLE_LINES = 3;

/**
 * Whether most lines begin with a time and have text after it, or all lines under a title without turns: then each of them is a
 * turn.
 */
export function doTimesLead(lines: Iterable<string>): boolean {
  let [leading, title, others] = [0, 0, 0];
  for (const line of lines) {
    if (/^\s*\d{1,4}:\d[\d:.,]*\s+\S/.test(readHead(line))) leading += 1;
    else if (line.trim() === '') continue;
    else if (leading === 0 && title < MAX_TITLE_LINES && !parseTurnLine(line, IN_TITLE)) title += 1;
    else others += 1;
  }
  return leading > title + others || (leading > 1 && others === 0);
}

const IN_TITLE: TurnStyle = { timesLead: false, isNameBeforeTime: false, namesFollow: false };

const TIME_ALONE = new RegExp(`^[([]?${CLOCK}${RANGE}[)\\]]?$`);

/** A time that is farther from the turn before is one of a day. */
const MAX_TURN_SECONDS = 600;

/**
 * Finds the lines, numbered from 1, in which a name, one space and a time without hours begin a turn, rather than end a sentence about
 * a time of the day: the file begins with one that is no title, or the name comes again, and its time is the next of the recording.
 */
export function findNamesBeforeTimes(lines: Iterable<string>): Set<number> {
  const found: NameBeforeTime[] = [];
  const counts = new Map<string, number>();
  let other: TimedLine | null = null;
  let [number, firstLine] = [0, 0];
  for (const line of lines) {
    number += 1;
    if (line.trim() !== '') firstLine ||= number;
    const turn = parseNameBySpace(readHead(removeDirectionMarks(line.slice(0, 2 * HEAD_CHARACTERS)).trim()), true);
    const timed: TurnLine | null = turn || other ? null : parseTurnLine(line, { ...IN_TITLE, timesLead: true });
    if (timed) other = { line: number, startSeconds: timed.startSeconds };
    if (!turn?.speaker) continue;
    found.push({ line: number, name: turn.speaker, startSeconds: turn.startSeconds });
    counts.set(turn.speaker, (counts.get(turn.speaker) ?? 0) + 1);
  }
  const isFirst = found[0]?.line === firstLine;
  if (!isFirst && counts.size === found.length) return new Set();
  if (isFirst && isTitle(found, other)) found.shift();
  const turns = new Set<number>();
  let latest: number | null = null;
  for (const { line, name, startSeconds } of found) {
    const comesAgain = (counts.get(name) ?? 0) > 1;
    const isNext: boolean =
      latest === null ? line === firstLine : startSeconds >= latest && startSeconds <= latest + MAX_TURN_SECONDS;
    if (!comesAgain && !isNext) continue;
    turns.add(line);
    latest = startSeconds;
  }
  return turns;
}

type TimedLine = { line: number; startSeconds: number };
type NameBeforeTime = TimedLine & { name: string };

/**
 * Whether the first of the names with times is a title with a time of the day, as "Standup 09:30": the next time in the file, `other` among
 * them, which is the first in another form, is before it, or nobody of that name speaks again and the next is too late, or in that form.
 */
function isTitle([first, ...later]: readonly NameBeforeTime[], other: TimedLine | null): boolean {
  if (!first) return false;
  const next = other && other.line < (later[0]?.line ?? Number.POSITIVE_INFINITY) ? other : later[0];
  if (!next || next.startSeconds < first.startSeconds) return true;
  const comesAgain = later.some(({ name }) => name === first.name);
  return !comesAgain && (other !== null || next.startSeconds > first.startSeconds + MAX_TURN_SECONDS);
}

/** Whether a name stands alone above each time, as Teams and others show them: then every turn has a text below its time. */
export function doNamesLead(lines: Iterable<string>): boolean {
  let above = { count: 0, last: '' };
  let turns = 0;
  for (const line of lines) {
    const bare = readHead(removeDirectionMarks(line.slice(0, HEAD_CHARACTERS)).trim());
    if (bare === '') continue;
    if (!TIME_ALONE.test(bare)) {
      above = { count: above.count + 1, last: bare };
      continue;
    }
    if (!isPlausibleName(above.last) || above.count < (turns === 0 ? 1 : 2)) return false;
    above = { count: 0, last: '' };
    turns += 1;
  }
  return turns > 1 && above.count > 0;
}

/** Whoever is named after the time is left in the text: labels are weighed there. */
function parseTimeFirst(
  bare: string,
  head: string,
  { timesLead, namesFollow }: Pick<TurnStyle, 'timesLead' | 'namesFollow'>,
): TurnLine | null {
  const bracketed = BRACKETED_TIME.exec(head);
  const match = bracketed ?? BARE_TIME.exec(head);
  const times = readTimes(match);
  if (!match || !times) return null;
  const rest = bare.slice(match[0].length).trim();
  const hasSeconds = HAS_HOURS.test(match.groups?.time ?? '');
  const [sender, name] = (hasSeconds && CHAT_SENDER.exec(rest.slice(0, 2 * HEAD_CHARACTERS))) || [];
  if (sender !== undefined) return { ...times, speaker: cleanName(name), text: rest.slice(sender.length) };
  const text = endLabel(match[0], rest);
  if (!timesLead && isNameAlone(text, namesFollow)) return { ...times, speaker: cleanName(text), text: '' };
  const isTurn = bracketed || timesLead || text === '' || readLabel(text, false)?.name != null;
  return isTurn ? { ...times, speaker: null, text } : null;
}

/**
 * Who writes to whom in a chat that Zoom saves: `10:02:11 From Noa Levi to Everyone:`. Others to whom one writes are in sentences, too ("From
 * Monday to Friday: we work").
 */
const CHAT_SENDER =
  /^From\s{1,3}(\S(?:[^:]{0,60}\S)?)\s{1,3}to\s{1,3}(?:Everyone|[^:()]{1,60}\((?:Direct Message|[Pp]rivately)\))\s{0,3}:\s*/;

/** The next column of `00:01 | Ann | Hello`. */
const NAME_COLUMN = /^\|?\s*(?=\S)([^|:\r\n]{1,60}?)\s*\|\s+(?=\S)/;

/** Returns a text behind a time, with a colon after the name that stands in a column between the two. */
function endLabel(time: string, text: string): string {
  if (!time.endsWith('|') && !text.startsWith('|')) return text;
  const head = text.slice(0, HEAD_CHARACTERS).replace(NAME_COLUMN, '$1: ');
  return readLabel(head, false)?.name == null ? text : head + text.slice(HEAD_CHARACTERS);
}

function readTimes(match: RegExpExecArray | null): Pick<TurnLine, 'startSeconds' | 'endSeconds'> | null {
  const { time = '', end = '' } = match?.groups ?? {};
  const startSeconds = parseTimestamp(time);
  return startSeconds === null ? null : { startSeconds, endSeconds: parseTimestamp(end) };
}

const HAS_HOURS = /^-?\d+:\d+:/;

/** A time with hours is none of a day in a sentence; of others the file decides. "Speaker 1:00:30" is speaker 1. */
function parseNameBySpace(head: string, isNameBeforeTime: boolean): TurnLine | null {
  const match = NAME_SPACE_TIME.exec(head);
  const { name = '', time = '' } = match?.groups ?? {};
  const times = readTimes(match);
  if (/[-–|]$/.test(name)) return null;
  if (!times || !(isNameBeforeTime || HAS_HOURS.test(time))) return null;
  const isNumber = isCertainName(`${name} ${time.slice(0, time.indexOf(':'))}`);
  const isName = !isNumber && (isPlausibleName(name) || isCertainName(name));
  return isName ? { ...times, speaker: cleanName(name), text: '' } : null;
}

/** Whether only a name follows a time: `[00:12] Maya Stern`. */
function isNameAlone(text: string, namesFollow: boolean): boolean {
  if (namesFollow) return isPlausibleName(text) || isCertainName(text);
  return isPlausibleName(text) && (isCertainName(text) || isFullName(text));
}

function parseNameFirst(bare: string, head: string): TurnLine | null {
  for (const pattern of [...NAME_AND_TIME, NAME_AND_BRACKETED_TIME]) {
    const match = pattern.exec(head);
    const { name = '' } = match?.groups ?? {};
    const times = readTimes(match);
    if (!match || !times || isHeading(name) || cutsTime(head, name)) continue;
    const text = bare.slice(match[0].length).trim();
    const isName = text === '' || match[0].endsWith(':') || isPlausibleName(name) || isCertainName(name);
    if (isName) return { ...times, speaker: cleanName(name), text };
  }
  return null;
}

/** Whether a name would end within a time: `Recorded at 10` of "Recorded at 10:30:15". */
function cutsTime(head: string, name: string): boolean {
  const time = /\s(\d{1,4})$/.exec(name);
  const rest = /^:\d{1,2}:\d{1,2}(?:[.,]\d+)?\s*$/.test(head.slice(name.length));
  return time !== null && rest && !isCertainName(name);
}
