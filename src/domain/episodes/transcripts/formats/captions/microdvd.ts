import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import { IMPOSSIBLE_END, isPossibleEnd, isTooLate, TOO_LATE } from '#domain/episodes/transcripts/text/timestamps.ts';
import { readCueTurns } from './cue-turns.ts';
import type { Cue } from './cues.ts';

/** The frames in which a text is shown, and the text. */
export const MICRODVD_LINE = /^[\s\p{Cf}]*\{(\d{1,9})\}\{(\d{1,9})?\}(.*)$/u;

/** The default frame rate, used if the first line, with two equal frames, does not state one. */
const FRAME_RATE = 24_000 / 1001;

/** Marks of style, and of italics. */
const STYLE = /\{[ycfsCFSPHYo]:[^{}]*\}|(?<=^|\|)\//g;

/** Reads MicroDVD: a line for each caption, `|` between its own. */
export function readMicroDvd(content: string, warnings: ParseWarnings): SourceTurn[] {
  return readCueTurns(readLines(content, warnings));
}

function* readLines(content: string, warnings: ParseWarnings): Generator<Cue> {
  let rate: number | null = null;
  let number = 0;
  for (const line of iterateLines(content)) {
    number += 1;
    const [, first, last, text = ''] = MICRODVD_LINE.exec(line) ?? [];
    if (first === undefined) {
      if (line.trim() !== '') warnings.passOver(number, 'This line has no frames, and was passed over.');
      continue;
    }
    const told = Number(/^\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*$/.exec(text)?.[1]?.replace(',', '.'));
    if (rate === null && first === last && told > 0) {
      rate = told;
      continue;
    }
    if (rate === null) warnings.add(number, 'The file does not say how many frames a second has: 23.976 were taken.');
    rate ??= FRAME_RATE;
    const [startSeconds, end] = [Number(first) / rate, last === undefined ? null : Number(last) / rate];
    if (isTooLate(startSeconds)) {
      warnings.passOver(number, `This line was passed over: it ${TOO_LATE}`);
      continue;
    }
    const isEnd = end === null || isPossibleEnd(startSeconds, end);
    if (!isEnd) warnings.add(number, `This line ${IMPOSSIBLE_END}`);
    yield { startSeconds, endSeconds: isEnd ? end : null, lines: text.replace(STYLE, '').split('|') };
  }
}
