import { removeDirectionMarks } from './direction-marks.ts';
import { readLabel } from './labels.ts';
import { cleanName, isCertainName, isFullName, isHeading, isPlausibleName } from './speaker-names.ts';
import { CLOCK, parseTimestamp } from './timestamps.ts';

/** The beginning of a turn in plain text, with the text that follows in the same line. */
export type TurnLine = { startSeconds: number; speaker: string | null; text: string };

/** A name beside a time; it has a letter, as two times beside each other are none. */
const NAME = String.raw`(?<name>(?=[^:[\]()]{0,59}?\p{L})[^\s:[(][^:[\]()]{0,59}?)`;
const TIME = `(?<time>${CLOCK})`;
const RANGE = String.raw`(?:\s*(?:-->|[-–—,])\s*${CLOCK})?`;

/** `01:30`, `[01:30]`, `0:05 - 0:09`, `[00:05 --> 00:09]`, and what parts it from a text. */
const BRACKETED_TIME = new RegExp(`^[([]${TIME}${RANGE}[)\\]](?:\\s*[-–|:](?=\\s))?`);
const BARE_TIME = new RegExp(`^${TIME}${RANGE}(?:\\s*[-–|:])?(?=\\s|$)`);

/** `Ann: 00:01:30`, `Ann  01:30`, `[Ann] 01:30`. */
const NAME_AND_TIME = [
  new RegExp(`^${NAME}(?:\\s*:\\s*|\\s{2,}|\\t|,\\s+|\\s+[-–|]\\s+)${TIME}${RANGE}\\s*$`, 'u'),
  new RegExp(`^\\[${NAME}\\]:?\\s*${TIME}\\s*$`, 'u'),
];

/** `Ann (01:30): text`. */
const NAME_AND_BRACKETED_TIME = new RegExp(`^${NAME}\\s*:?\\s*[([]${TIME}${RANGE}[)\\]]\\s*:?(?=\\s|$)`, 'u');

/** Names and times are short; the text after them, which may be long, is not searched. */
const HEAD_CHARACTERS = 100;

/** Reads a line that begins a turn; null where it is text. `timesLead`: see doTimesLead. */
export function parseTurnLine(line: string, timesLead: boolean): TurnLine | null {
  const bare = removeDirectionMarks(line.replace(/\*\*/g, '')).trim();
  const head = bare.slice(0, HEAD_CHARACTERS);
  if (!/\d:\d/.test(head)) return null;
  return parseTimeFirst(bare, head, timesLead) ?? parseNameFirst(bare, head);
}

/** Whether most lines begin with a time and have text after it: then each of them is a turn. */
export function doTimesLead(lines: Iterable<string>): boolean {
  let [leading, others] = [0, 0];
  for (const line of lines) {
    if (/^\s*\d{1,4}:\d[\d:.,]*\s+\S/.test(line.slice(0, HEAD_CHARACTERS))) leading += 1;
    else if (line.trim() !== '') others += 1;
  }
  return leading > others;
}

const TIME_ALONE = new RegExp(`^[([]?${CLOCK}${RANGE}[)\\]]?$`);

/** Whether a name stands alone above each time, as Teams and others show them: then every turn has a text below its time. */
export function doNamesLead(lines: Iterable<string>): boolean {
  let above = { count: 0, last: '' };
  let turns = 0;
  for (const line of lines) {
    const bare = removeDirectionMarks(line.slice(0, HEAD_CHARACTERS)).trim();
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
function parseTimeFirst(bare: string, head: string, timesLead: boolean): TurnLine | null {
  const bracketed = BRACKETED_TIME.exec(head);
  const match = bracketed ?? BARE_TIME.exec(head);
  const startSeconds = parseTimestamp(match?.groups?.time ?? '');
  if (!match || startSeconds === null) return null;
  const text = bare.slice(match[0].length).trim();
  if (!timesLead && isNameAlone(text)) return { startSeconds, speaker: cleanName(text), text: '' };
  const isTurn = bracketed || timesLead || text === '' || readLabel(text)?.name != null;
  return isTurn ? { startSeconds, speaker: null, text } : null;
}

/** Whether nothing but a name stands after a time: `[00:12] Maya Stern`. */
function isNameAlone(text: string): boolean {
  return isPlausibleName(text) && (isCertainName(text) || isFullName(text));
}

function parseNameFirst(bare: string, head: string): TurnLine | null {
  for (const pattern of [...NAME_AND_TIME, NAME_AND_BRACKETED_TIME]) {
    const match = pattern.exec(head);
    const { name = '', time = '' } = match?.groups ?? {};
    const startSeconds = parseTimestamp(time);
    if (!match || startSeconds === null || isHeading(name)) continue;
    const text = bare.slice(match[0].length).trim();
    const isName = text === '' || match[0].endsWith(':') || isPlausibleName(name) || isCertainName(name);
    if (isName) return { startSeconds, speaker: cleanName(name), text };
  }
  return null;
}
