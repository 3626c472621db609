import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import { assertWithinLimit } from '#domain/episodes/transcripts/segments/limit.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { cleanName } from '#domain/episodes/transcripts/speakers/names.ts';
import { splitLines } from '#domain/episodes/transcripts/text/clean-text.ts';
import { countLines, iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import {
  IMPOSSIBLE_END,
  isPossibleEnd,
  narrowClocks,
  parseTimestamp,
} from '#domain/episodes/transcripts/text/timestamps.ts';
import { findTimeUnit } from './json/time-unit.ts';
import type { ParseWarnings } from './parse-warnings.ts';
import { isUsableStart } from './usable-start.ts';

/** The names of columns, reduced to letters: of Whisper, whisper.cpp, and editors of recordings. */
const COLUMNS: readonly [Column, RegExp][] = [
  ['start', /^(?:start|starttime|startsec|startseconds|begin|begintime|in|timein|timecodein|time|timestamp|timecode)$/],
  ['end', /^(?:end|endtime|endsec|endseconds|stop|stoptime|out|timeout|timecodeout)$/],
  ['speaker', /^(?:speaker|speakername|speakerlabel|name|participant)$/],
  ['text', /^(?:text|transcript|sentence|content|caption|subtitle|dialogue|utterance|words?)$/],
];

type Column = 'start' | 'end' | 'speaker' | 'text';

/** Characters of a line that can name columns, and what can stand between these. */
const [MAX_HEADER, DELIMITERS] = [300, ['\t', ';', ',']];

/** A row of Audacity's labels: two times and a label, separated by tabs, without a header. */
const LABEL_ROW = /^\s*\d{1,9}\.\d{1,9}\t\d{1,9}\.\d{1,9}\t\S/;

/** The beginning of a row with a time in one of its cells. */
const TIME_CELL =
  /(?:^|[\t;,])[ \t]*"?(?:\d{1,12}(?:\.\d{1,12})?|\d{1,4}(?::\d{1,2}){1,3}(?:[.,;]\d{1,9})?)"?[ \t]*(?=[\t;,]|$)/;

/** Whether a line names the columns of a table, or is its first row, and the next ones are rows of it. */
export function beginsTable(firstLine: string, head: string): boolean {
  if (LABEL_ROW.test(firstLine)) return true;
  if (firstLine.length > MAX_HEADER) return false;
  const { columns, delimiter } = readHeader(firstLine);
  if (!columns.includes('text') || !columns.includes('start')) return false;
  const rows = iterateLines(head.slice(head.indexOf(firstLine) + firstLine.length)).take(SAMPLE);
  return rows.some((row) => row.includes(delimiter) && TIME_CELL.test(narrowClocks(row)));
}

/** Rows that are looked at. */
const SAMPLE = 20;

/** Returns the columns of a header, null for unknown ones, and the delimiter. */
function readHeader(line: string): { columns: (Column | null)[]; delimiter: string } {
  const delimiter = DELIMITERS.find((each) => line.includes(each)) ?? ',';
  const columns = line.split(delimiter).map((cell) => {
    const name = cell.toLowerCase().replace(/[^a-z]/g, '');
    return COLUMNS.find(([, names]) => names.test(name))?.[0] ?? null;
  });
  return { columns, delimiter };
}

const IN_SECONDS =
  'All times were read as seconds, as in milliseconds nobody speaks so fast: write them as 1500 if they are.';

/** A row as it is written; `line` is that in which it begins. */
type Row = { line: number; start: string; end: string; speaker: string; text: string };

/**
 * Reads a table of Whisper (TSV), whisper.cpp (CSV), or of any program whose columns say when and what, whose whole numbers are
 * milliseconds, unless most rows are speech only in seconds; others are seconds, or clocks. Throws InvalidTranscript where a quote is not
 * closed, and where there are too many rows.
 */
export function readTable(content: string, warnings: ParseWarnings): SourceTurn[] {
  const rows = readRows(content);
  const unit = findUnit(rows, warnings);
  return rows.flatMap((row) => (isBlank(row) ? [] : (toTurn(row, unit, warnings) ?? [])));
}

/**
 * Returns what whole numbers count, in seconds. A table that has decimals, too, has seconds; rows without an end end where the next one
 * begins.
 */
function findUnit(rows: readonly Row[], warnings: ParseWarnings): number {
  if (rows.some(({ start, end }) => isDecimal(start) || isDecimal(end))) return 1;
  const whole = rows.flatMap(({ start, end, text }, index) => {
    const until = end === '' ? (rows[index + 1]?.start ?? '') : end;
    return isWhole(start) && isWhole(until) ? [{ start: Number(start), end: Number(until), text }] : [];
  });
  const { unit } = findTimeUnit(whole, true);
  if (unit === 1) warnings.add(null, IN_SECONDS);
  return unit;
}

const isDecimal = (cell: string): boolean => /^\d{1,9}\.\d{1,12}$/.test(cell);

const isWhole = (cell: string): boolean => /^\d{1,12}$/.test(cell);

const isBlank = ({ start, end, text }: Row): boolean => `${start}${end}${text}`.trim() === '';

function readRows(content: string): Row[] {
  const [header = ''] = /[^\s\p{Cf}][^\r\n]*/u.exec(content) ?? [];
  const isLabels = LABEL_ROW.test(header);
  const { columns, delimiter } = isLabels ? LABELS : readHeader(header);
  const rows: Row[] = [];
  let [isHeader, lastLine] = [!isLabels, 0];
  try {
    parse(content.replace(/\r\n?/g, '\n'), {
      delimiter,
      record_delimiter: '\n',
      // Whisper writes no quotes into its TSV: those that are there belong to the text.
      quote: delimiter !== '\t' || header.includes('"') ? '"' : false,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        // Audacity has a row beneath for the frequencies of a label.
        if (!isHeader && !(isLabels && cells[0] === '\\'))
          rows.push(toRow(cells, columns, { delimiter, lastLine: lines }));
        isHeader = false;
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

const LABELS = { columns: ['start', 'end', 'text'] as Column[], delimiter: '\t' };

/** Converts the cells of a row. A text in the last column may contain delimiters. */
function toRow(
  cells: readonly string[],
  columns: readonly (Column | null)[],
  { delimiter, lastLine }: { delimiter: string; lastLine: number },
): Row {
  const cellOf = (name: Column) => cells[columns.indexOf(name)]?.trim() ?? '';
  const isLast = columns.at(-1) === 'text';
  const text = isLast ? cells.slice(columns.length - 1).join(delimiter) : cellOf('text');
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
  const unreadable = 'The times of this row cannot be read: it was passed over.';
  if (!isUsableStart(startSeconds, { line, name: 'row', unreadable }, warnings)) return null;
  const isEnd = end !== null && isPossibleEnd(startSeconds, end);
  if (!isEnd && row.end !== '') warnings.add(line, `This row ${IMPOSSIBLE_END}`);
  const lines = splitLines(text);
  const speaker = cleanName(row.speaker);
  return lines.length === 0
    ? null
    : { startSeconds, endSeconds: isEnd ? end : null, lines, speaker, confidence: null, words: null };
}

function readTime(cell: string, unit: number): number | null {
  if (isWhole(cell)) return Number(cell) * unit;
  return isDecimal(cell) ? Number(cell) : parseTimestamp(cell);
}
