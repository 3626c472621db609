import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import { parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import { readCueTurns } from './cue-turns.ts';
import type { Cue } from './cues.ts';

const TIME = String.raw`\[(?:\d{1,4}:\d{2}(?:[.,]\d{1,3})?)\]`;

/** A tag about the file, such as its title, its artist or an offset. */
const TAG = /^\s*\[(?:[a-z#]{1,10}):([^\]\r\n]{0,300})\]?\s*$/i;

const OFFSET = /^\s*\[offset:\s*([+-]?\d{1,9})\s*\]/i;

/** A tag in the first line, and a line with a time. */
const [FIRST_TAG, TIMED_LINE] = [
  /^\s*\[(?:ti|ar|al|au|by|re|ve|la|length|offset):/i,
  new RegExp(`^[ \\t]{0,20}${TIME}`, 'm'),
];

/** A time in the first line, and what no other format has: several times in one, or the time of a word in angle brackets. */
const [FIRST_TIME, SEVERAL_TIMES] = [
  new RegExp(`^\\s*${TIME}`),
  new RegExp(`^[ \\t]{0,20}${TIME}[ \\t]{0,20}(?:${TIME}|<\\d{1,4}:\\d{2}[.,]\\d)`, 'm'),
];

/** Whether a file is LRC; lines of one time each are also read as plain text in turns. */
export const isLrc = (firstLine: string, head: string): boolean =>
  (FIRST_TAG.test(firstLine) && TIMED_LINE.test(head)) || (FIRST_TIME.test(firstLine) && SEVERAL_TIMES.test(head));

const LEADING_TIMES = new RegExp(`^\\s*((?:${TIME}\\s*){1,30})`);

/** The maximum length of a text that is repeated at several times, in UTF-16 units: otherwise a small file could become a large one. */
const MAX_REPEATED_LENGTH = 500;

/**
 * Reads LRC: a line is shown at each of its times, until the next time of the file. A line without text ends the one before it. A positive
 * offset, in milliseconds, shows all lines earlier.
 */
export function readLrc(content: string, warnings: ParseWarnings): SourceTurn[] {
  const cues = Array.from(readLines(content, warnings)).sort((a, b) => a.startSeconds - b.startSeconds);
  const timed = cues.map((cue, index) => ({ ...cue, endSeconds: cues[index + 1]?.startSeconds ?? null }));
  return readCueTurns(timed.filter(({ lines }) => lines.some((line) => line.trim() !== '')));
}

function* readLines(content: string, warnings: ParseWarnings): Generator<Cue> {
  let [number, offsetSeconds] = [0, 0];
  for (const line of iterateLines(content)) {
    number += 1;
    const [head, times = ''] = LEADING_TIMES.exec(line) ?? [];
    if (head === undefined) {
      offsetSeconds = Number(OFFSET.exec(line)?.[1] ?? offsetSeconds * 1000) / 1000;
      if (line.trim() !== '' && !TAG.test(line)) warnings.passOver(number, 'This line has no time: it was skipped.');
      continue;
    }
    const text = line.slice(head.length);
    const isRepeatable = text.length <= MAX_REPEATED_LENGTH;
    for (const [index, time] of (times.match(/[^[\]\s]+/g) ?? []).entries()) {
      if (index > 0 && !isRepeatable) {
        warnings.add(number, 'This line is too long to be repeated: only its first time was read.');
        break;
      }
      const seconds = parseTimestamp(time);
      if (seconds === null) warnings.passOver(number, `The time ${time} of this line cannot be read: it was skipped.`);
      else
        yield {
          startSeconds: Math.max(0, seconds - offsetSeconds),
          endSeconds: null,
          lines: [text],
        };
    }
  }
}
