import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import { IMPOSSIBLE_END, isPossibleEnd, parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import { readCueTurns } from './cue-turns.ts';
import type { Cue } from './cues.ts';

/** The beginning of a file of the caption plug-in of Avid. */
export const AVID_BEGIN = /^\s*(?:@ This file written with the Avid Caption plugin|<begin subtitles>)/i;

/** Two timecodes, with the text in the same line or below. */
const TIMES = /^\s*(\d{1,2}:\d{2}:\d{2}[:;]\d{2})\s+(\d{1,2}:\d{2}:\d{2}[:;]\d{2})(?:\s+(\S.*))?$/;

const MARK = /^\s*(?:@|<(?:begin|end) subtitles>)/i;

const HOUR_SECONDS = 3600;
const LATE_BEGIN =
  'The first caption begins after an hour: if the sequence begins at 01:00:00:00, export it with timecodes from 00:00:00:00.';

/** Reads captions of Avid (DS, SubCap): a line of two timecodes, and the text below it or beside it. */
export function readAvid(content: string, warnings: ParseWarnings): SourceTurn[] {
  const turns = readCueTurns(readCues(content, warnings));
  if ((turns[0]?.startSeconds ?? 0) >= HOUR_SECONDS) warnings.add(null, LATE_BEGIN);
  return turns;
}

function* readCues(content: string, warnings: ParseWarnings): Generator<Cue> {
  let cue: Cue | null = null;
  let number = 0;
  for (const line of iterateLines(content)) {
    number += 1;
    const [, first, last, text] = TIMES.exec(line) ?? [];
    if (first === undefined || last === undefined) {
      if (line.trim() === '' || MARK.test(line)) continue;
      if (cue) cue.lines.push(line);
      else warnings.passOver(number, 'This line belongs to no caption: it was skipped.');
      continue;
    }
    if (cue) yield cue;
    const [startSeconds, end] = [parseTimestamp(first), parseTimestamp(last)];
    if (startSeconds === null) warnings.passOver(number, 'The times of this caption cannot be read: it was skipped.');
    const isEnd = startSeconds !== null && end !== null && isPossibleEnd(startSeconds, end);
    if (startSeconds !== null && !isEnd) warnings.add(number, `This caption ${IMPOSSIBLE_END}`);
    cue =
      startSeconds === null
        ? null
        : { startSeconds, endSeconds: isEnd ? end : null, lines: text === undefined ? [] : [text] };
  }
  if (cue) yield cue;
}
