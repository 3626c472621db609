import { iterateLines } from './lines.ts';
import type { ParseProblem, TimeRange } from './segments.ts';
import { parseTimestamp } from './timestamps.ts';

/** A timed block of SRT or VTT, its text still as written. */
export type Cue = TimeRange & { lines: string[] };

/** Where SRT and VTT differ as containers of cues. */
export type CueDialect = {
  /** WebVTT ends a cue at an empty line. SubRip has no standard, and FFmpeg's reader goes on to the next times. */
  blankLineEndsCue: boolean;
  /** Matches the first line of a block that is no cue and is passed over up to the next empty line. */
  skippedBlock: RegExp | null;
};

/**
 * Yields the cues in one pass, forgiving what players forgive: numbers and names of cues may be missing or wrong, blank
 * lines may be missing or too many, settings after the times are passed over. A line with `-->` and unreadable times
 * loses its cue; the first one is reported.
 */
export function* readCues(
  content: string,
  dialect: CueDialect,
  report: (problem: ParseProblem) => void,
): Generator<Cue> {
  let reported = false;
  let open: Cue | null = null;
  let previousLine = '';
  let skipping = false;
  let number = 0;
  for (const line of iterateLines(content)) {
    number += 1;
    const blank = dialect.blankLineEndsCue ? line === '' : line.trim() === '';
    const times = line.includes('-->') ? parseTimes(line) : null;
    if (blank) {
      skipping = false;
      if (dialect.blankLineEndsCue && open) yield open;
      if (dialect.blankLineEndsCue) open = null;
    } else if (skipping || (open === null && dialect.skippedBlock?.test(line))) {
      skipping = true;
    } else if (times) {
      if (open && isCueNumber(previousLine)) open.lines.pop();
      if (open) yield open;
      open = { ...times, lines: [] };
    } else if (line.includes('-->')) {
      if (!reported) report({ line: number, reason: describeBadTimes(line) });
      reported = true;
      if (open) yield open;
      open = null;
    } else {
      open?.lines.push(line);
    }
    previousLine = line;
  }
  if (open) yield open;
}

/** The number above a cue's times belongs to it, even where no empty line parts it from the cue before. */
function isCueNumber(line: string): boolean {
  return /^\s*\d{1,9}\s*$/.test(line);
}

function parseTimes(line: string): TimeRange | null {
  const [before = '', after = ''] = line.split('-->', 2);
  const startSeconds = parseTimestamp(before.trim());
  const endSeconds = parseTimestamp(after.trim().split(/\s/, 1)[0] ?? '');
  return startSeconds === null || endSeconds === null ? null : { startSeconds, endSeconds };
}

function describeBadTimes(line: string): string {
  const shown = line.trim().slice(0, 60);
  return `"${shown}" are no times of a cue: write them as 00:01:02.500 --> 00:01:05.000 (SRT: a comma before the milliseconds).`;
}
