import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';

/** A record with the line at which it begins, counted from 1; `cells` is null if it has an unclosed quote. */
export type CsvRecord = { line: number; cells: string[] | null };

/** The maximum length of a record in UTF-16 units: parsing one blocks the thread, and an unclosed quote must not swallow the file. */
const MAX_RECORD_LENGTH = 32_000;
/** How many lines at which a record may end are tried. */
const MAX_ENDS = 20;

const DELIMITERS = [',', ';', '\t', '|'];

/** A first line that declares the delimiter. */
const SEPARATOR_LINE = /^sep=(.)$/i;

export const isSeparatorLine = (line: string): boolean => SEPARATOR_LINE.test(line);

/** Returns the lines of a file, without its byte order mark. */
export const readLines = (text: string): string[] => text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);

/**
 * Yields the records of a CSV file from line `first` on, counted from 0, by which the delimiter is detected. A quote inside a cell that
 * does not begin with one is text, as in `לביא בע"מ`. An unclosed quote costs its line, while csv-parse alone would give up the file.
 */
export function* readRecords(lines: readonly string[], first: number): Generator<CsvRecord> {
  const declared = SEPARATOR_LINE.exec(lines[0] ?? '')?.[1];
  let delimiter = declared;
  for (let index = declared ? Math.max(first, 1) : first; index < lines.length; ) {
    const line = lines[index] as string;
    if (line.trim() === '') {
      index += 1;
      continue;
    }
    delimiter ??= detectDelimiter(line);
    const { cells, size } = readRecord(lines, index, delimiter);
    yield { line: index + 1, cells };
    index += size;
  }
}

/** A quoted cell. A quote within a word is text, as in `דוא"ל`. */
const QUOTED_CELL = /(?<=^|[,;\t|])\s*"(?:[^"]|"")*"\s*(?=$|[,;\t|])/g;

/** Returns the most frequent delimiter of a header, outside quotes. */
function detectDelimiter(header: string): string {
  // The expression has no stack for a quoted cell of megabytes, and a longer record is refused anyway.
  const bare = header.slice(0, MAX_RECORD_LENGTH).replace(QUOTED_CELL, '');
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).delimiter;
}

/** Reads the record that begins at a line: its cells, and how many lines it spans. */
function readRecord(
  lines: readonly string[],
  first: number,
  delimiter: string,
): { cells: string[] | null; size: number } {
  let text = lines[first] as string;
  const alone = parseRecord(text, { delimiter, relax_quotes: true });
  if (alone || text.length > MAX_RECORD_LENGTH) return { cells: alone, size: 1 };
  const textQuote = textQuoteOf(delimiter);
  let isOpen = hasOddQuotes(text, textQuote);
  let ends = 0;
  for (let size = 2; first + size <= lines.length && ends < MAX_ENDS; size += 1) {
    const line = lines[first + size - 1] as string;
    text += `\n${line}`;
    if (text.length > MAX_RECORD_LENGTH) break;
    if (!hasOddQuotes(line, textQuote)) continue;
    isOpen = !isOpen;
    if (isOpen) continue;
    ends += 1;
    const cells = parseRecord(text, { delimiter });
    if (cells) return { cells, size };
  }
  return { cells: null, size: 1 };
}

/** Whether a line leaves a quoted cell open that was closed before it, or the other way round. */
const hasOddQuotes = (line: string, textQuote: RegExp): boolean =>
  line.includes('"') && line.replace(textQuote, '').split('"').length % 2 === 0;

/** Finds quotes that are text: those between two characters of a cell. */
function textQuoteOf(delimiter: string): RegExp {
  const other = `[^"\\n${delimiter.replace(/[\\\]^-]/, '\\$&')}]`;
  return new RegExp(`(?<=${other})"(?=${other})`, 'g');
}

/** Replaces quotes that are text during parsing: a noncharacter, which no text contains. */
const TEXT_QUOTE = '\ufffe';

/** Returns the cells of a text that is a single record; null if it has an unclosed quote. */
function parseRecord(text: string, options: { delimiter: string; relax_quotes?: boolean }): string[] | null {
  if (text.length > MAX_RECORD_LENGTH) return null;
  // csv-parse takes 100 µs to start, and most records do not need it.
  if (!text.includes('"')) return text.split(options.delimiter).map((cell) => cell.trim());
  const inText = textQuoteOf(options.delimiter);
  try {
    const [cells = []] = parse(text.replace(inText, TEXT_QUOTE), { ...options, relax_column_count: true, trim: true });
    return cells.map((cell) => cell.replaceAll(TEXT_QUOTE, '"'));
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}
