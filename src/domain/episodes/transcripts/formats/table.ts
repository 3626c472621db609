import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import { assertWithinLimit } from '#domain/episodes/transcripts/segments/limit.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { cleanName } from '#domain/episodes/transcripts/speakers/names.ts';
import { splitLines } from '#domain/episodes/transcripts/text/clean-text.ts';
import { removeDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import { countLines } from '#domain/episodes/transcripts/text/lines.ts';
import {
  IMPOSSIBLE_END,
  isPossibleEnd,
  isTooLate,
  parseTimestamp,
  TOO_LATE,
} from '#domain/episodes/transcripts/text/timestamps.ts';
import { findTimeUnit } from './json/time-unit.ts';
import type { ParseWarnings } from './parse-warnings.ts';

/** The header of a table of Whisper or whisper.cpp, in quotes or not: it begins with when and ends with what. */
export const TABLE_HEADER = /^\s*"?start"?([,\t])"?end"?(?:[,\t]"?speaker"?)?[,\t]"?text"?[ \t]*$/i;

const IN_SECONDS =
  'All times were read as seconds, as in milliseconds nobody speaks so fast: write them as 1500 if they are.';

/** A row as it is written; `line` is that in which it begins. */
type Row = { line: number; start: string; end: string; speaker: string; text: string };

/**
 * Reads a table of Whisper (TSV) or whisper.cpp (CSV), whose whole numbers are milliseconds, unless most rows are speech only in
 * seconds; others are seconds, or clocks. Throws InvalidTranscript where a quote is not closed, and where there are too many rows.
 */
export function readTable(content: string, warnings: ParseWarnings): SourceTurn[] {
  const rows = readRows(content);
  const whole = rows.filter(({ start, end }) => isWhole(start) && isWhole(end));
  const unit = findTimeUnit(
    whole.map(({ start, end, text }) => ({ start: Number(start), end: Number(end), text })),
    true,
  ).unit;
  if (unit === 1) warnings.add(null, IN_SECONDS);
  return rows.flatMap((row) => (isBlank(row) ? [] : (toTurn(row, unit, warnings) ?? [])));
}

const isWhole = (cell: string): boolean => /^\d{1,12}$/.test(cell);

const isBlank = ({ start, end, text }: Row): boolean => `${start}${end}${text}`.trim() === '';

function readRows(content: string): Row[] {
  const [header = ''] = /\S[^\r\n]*/.exec(content) ?? [];
  const delimiter = header.includes('\t') ? '\t' : ',';
  const rows: Row[] = [];
  let [names, lastLine]: [string[] | null, number] = [null, 0];
  try {
    parse(content.replace(/\r\n?/g, '\n'), {
      delimiter,
      record_delimiter: '\n',
      // Whisper writes no quotes into its TSV: those that are there belong to the text.
      quote: delimiter === ',' || header.includes('"') ? '"' : false,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        if (names) rows.push(toRow(cells, names, { delimiter, lastLine: lines }));
        names ??= cells.map((name) => removeDirectionMarks(name).trim().toLowerCase());
        lastLine = lines;
        assertWithinLimit(rows.length);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InvalidTranscript(
      'A quote that begins a cell of this row is not closed: quotes in a text are written twice.',
      lastLine + 1,
    );
  }
  return rows;
}

/** The last column is the text, whose delimiters are its own. */
function toRow(
  cells: readonly string[],
  names: readonly string[],
  { delimiter, lastLine }: { delimiter: string; lastLine: number },
): Row {
  const cellOf = (name: string) => cells[names.indexOf(name)]?.trim() ?? '';
  const text = cells.slice(names.length - 1).join(delimiter);
  return {
    line: lastLine - countLines(text) + 1,
    start: cellOf('start'),
    end: cellOf('end'),
    speaker: cellOf('speaker'),
    text,
  };
}

function toTurn({ line, text, ...row }: Row, unit: number, warnings: ParseWarnings): SourceTurn | null {
  const [startSeconds, end] = [readTime(row.start, unit), readTime(row.end, unit)];
  if (startSeconds === null || isTooLate(startSeconds)) {
    warnings.passOver(
      line,
      startSeconds === null
        ? 'The times of this row cannot be read: it was passed over.'
        : `This row was passed over: it ${TOO_LATE}`,
    );
    return null;
  }
  const isEnd = end !== null && isPossibleEnd(startSeconds, end);
  if (!isEnd) warnings.add(line, `This row ${IMPOSSIBLE_END}`);
  const lines = splitLines(text);
  const speaker = cleanName(row.speaker);
  return lines.length === 0
    ? null
    : { startSeconds, endSeconds: isEnd ? end : null, lines, speaker, confidence: null, words: null };
}

function readTime(cell: string, unit: number): number | null {
  if (isWhole(cell)) return Number(cell) * unit;
  return /^\d{1,9}\.\d{1,12}$/.test(cell) ? Number(cell) : parseTimestamp(cell);
}
