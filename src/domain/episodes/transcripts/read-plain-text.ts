import { cleanName, cleanText } from './clean-text.ts';
import { iterateLines } from './lines.ts';
import { addSegment } from './segment-limit.ts';
import type { ReadResult, SourceSegment } from './segments.ts';
import { parseTimestamp } from './timestamps.ts';

const TIME = String.raw`(\d{1,4}(?::\d{2}){1,2}(?:[.,]\d{1,3})?)`;
const NAME = String.raw`([^\s:[(][^:[\]()]{0,59}?)`;

/** The lines that begin a turn, with the groups of their parts; what follows on the same line is already its text. */
const TURN_LINES = [
  { pattern: new RegExp(`^${NAME}(?:\\s*:\\s*|\\s{2,}|\\t)${TIME}\\s*$`, 'u'), speaker: 1, time: 2 },
  { pattern: new RegExp(`^${NAME}\\s*[([]${TIME}[)\\]]\\s*:?(?=\\s|$)`, 'u'), speaker: 1, time: 2 },
  { pattern: new RegExp(`^[([]${TIME}[)\\]]\\s*(?:${NAME}\\s*:(?=\\s|$))?`, 'u'), speaker: 2, time: 1 },
  { pattern: new RegExp(`^${TIME}\\s*(?:$|${NAME}\\s*:(?=\\s|$))`, 'u'), speaker: 2, time: 1 },
];

type TurnLine = { speaker: string | null; startSeconds: number; text: string };

/**
 * Reads plain text in turns. A turn begins with a line that names a speaker and a time, `Ann: 00:01:30` as the
 * transcripts of bitcointranscripts do, `Ann (01:30): text`, `[01:30] Ann: text`, or with a time alone; its text runs
 * to the next such line. A turn ends where the next one starts; the last one's end is left to be estimated. What stands
 * before the first turn (a title, front matter) is passed over. Throws InvalidTranscript where there are too many turns.
 */
export function readPlainText(content: string): ReadResult {
  const segments: SourceSegment[] = [];
  let open: { turn: TurnLine; lines: string[] } | null = null;
  for (const line of iterateLines(content)) {
    const turn = parseTurnLine(line);
    if (!turn) open?.lines.push(line);
    else {
      if (open) addSegment(segments, toSegment(open.turn, open.lines, turn.startSeconds));
      open = { turn, lines: [turn.text] };
    }
  }
  if (open) addSegment(segments, toSegment(open.turn, open.lines, null));
  return { segments, problem: open ? null : { line: 1, reason: NO_TURNS } };
}

function toSegment({ speaker, startSeconds }: TurnLine, lines: string[], endSeconds: number | null): SourceSegment {
  return { startSeconds, endSeconds, text: cleanText(lines.join(' ')), speaker, confidence: null, words: null };
}

const NO_TURNS = 'No line begins a turn: give each turn a line such as "Ann: 00:01:30" above its text.';

/** Names and times are short; the text after them, which may be long, is not searched. */
const HEAD_CHARACTERS = 100;

function parseTurnLine(line: string): TurnLine | null {
  const bare = line.replace(/\*\*/g, '').trim();
  const head = bare.slice(0, HEAD_CHARACTERS);
  for (const { pattern, speaker, time } of TURN_LINES) {
    const match = pattern.exec(head);
    const startSeconds = parseTimestamp(match?.[time] ?? '');
    if (match && startSeconds !== null) {
      return { speaker: cleanName(match[speaker]), startSeconds, text: bare.slice(match[0].length) };
    }
  }
  return null;
}
