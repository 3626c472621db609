import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { isUsableStart } from '#domain/episodes/transcripts/formats/usable-start.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import { IMPOSSIBLE_END, isPossibleEnd, parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import { readCueTurns } from './cue-turns.ts';
import type { Cue } from './cues.ts';

/** The beginning of an event, and its fields if the file does not list them. */
const DIALOGUE = /^\s*Dialogue:\s*/i;
const FIELDS = ['layer', 'start', 'end', 'style', 'name', 'marginl', 'marginr', 'marginv', 'effect', 'text'];

/** Text in braces that players do not display: overrides, and notes of translators. */
const BLOCK = /\{[^{}]*\}/g;

/** An override after which a shape is drawn: its text is coordinates. */
const DRAWING = /\\p[1-9]/;

/** Reads SubStation Alpha, also the Advanced one: an event is a cue, and its name is who speaks. Comments are passed over. */
export function readAss(content: string, warnings: ParseWarnings): SourceTurn[] {
  return readCueTurns(readEvents(content, warnings));
}

function* readEvents(content: string, warnings: ParseWarnings): Generator<Cue> {
  let fields = FIELDS;
  let [number, isEvents] = [0, true];
  for (const line of iterateLines(content)) {
    number += 1;
    if (/^\s*\[/.test(line)) isEvents = /^\s*\[Events\]/i.test(line);
    else if (isEvents && /^\s*Format:/i.test(line))
      fields = line
        .slice(line.indexOf(':') + 1)
        .toLowerCase()
        .split(',')
        .map((name) => name.trim());
    else if (DIALOGUE.test(line)) {
      const cue = readEvent(line.replace(DIALOGUE, ''), fields, { number, warnings });
      if (cue) yield cue;
    }
  }
}

/** The last field is the text, whose commas are its own. */
function readEvent(
  event: string,
  fields: readonly string[],
  { number, warnings }: { number: number; warnings: ParseWarnings },
): Cue | null {
  const values = event.split(',');
  const written = values.slice(fields.length - 1).join(',');
  const fieldOf = (name: string) => values[fields.indexOf(name)]?.trim() ?? '';
  const [startSeconds, end] = [parseTimestamp(fieldOf('start')), parseTimestamp(fieldOf('end'))];
  const unreadable = 'The times of this line cannot be read: it was passed over.';
  if (!isUsableStart(startSeconds, { line: number, name: 'line', unreadable }, warnings)) return null;
  if (written.match(BLOCK)?.some((block) => DRAWING.test(block))) {
    warnings.passOver(number, 'This line is a drawing, and was passed over.');
    return null;
  }
  const isEnd = end !== null && isPossibleEnd(startSeconds, end);
  if (!isEnd) warnings.add(number, `This line ${IMPOSSIBLE_END}`);
  const text = written.replace(BLOCK, '');
  const name = (fieldOf('name') || fieldOf('actor')).replace(/[<>]/g, '');
  return { startSeconds, endSeconds: isEnd ? end : null, lines: [name === '' ? text : `<v ${name}>${text}`] };
}
