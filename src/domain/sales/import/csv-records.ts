import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';

/** A record of a file, by the line that it begins in, the first being 1; without cells where a quote in it is not closed. */
export type CsvRecord = { line: number; cells: string[] | null };

/** Lines that a quoted cell can go over: a quote that is never closed must not swallow the file. */
const MAX_RECORD_LINES = 20;
/** UTF-16 units of a record: one is parsed at a time, and nobody should wait for it. */
const MAX_RECORD_LENGTH = 32_000;

const DELIMITERS = [',', ';', '\t', '|'];

/** What a file begins with that names its delimiter. */
const SEPARATOR_LINE = /^sep=(.)$/i;

export const isSeparatorLine = (line: string): boolean => SEPARATOR_LINE.test(line);

/** Returns the lines of a file, without its byte order mark. */
export const readLines = (text: string): string[] => text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);

/**
 * Yields the records of a CSV file from its line `first` on, counted from 0, which tells the delimiter. A quote inside a cell that does not begin with one is
 * text, as in `לביא בע"מ`; one that is not closed costs its line, where csv-parse alone would give up the file.
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

/** A cell in quotes: one within a word is text, as in `דוא"ל`. */
const QUOTED_CELL = /(?<=^|[,;\t|])\s*"(?:[^"]|"")*"\s*(?=$|[,;\t|])/g;

/** Returns the delimiter that a header has most of, outside quotes. */
function detectDelimiter(header: string): string {
  const bare = header.replace(QUOTED_CELL, '');
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).delimiter;
}

/** Reads the record that begins in a line: the cells, and how many lines they are in. */
function readRecord(
  lines: readonly string[],
  first: number,
  delimiter: string,
): { cells: string[] | null; size: number } {
  let text = lines[first] as string;
  const alone = parseRecord(text, { delimiter, relax_quotes: true });
  if (alone) return { cells: alone, size: 1 };
  for (let size = 2; size <= MAX_RECORD_LINES && first + size <= lines.length; size += 1) {
    const line = lines[first + size - 1] as string;
    text += `\n${line}`;
    const cells = line.includes('"') ? parseRecord(text, { delimiter }) : null;
    if (cells) return { cells, size };
  }
  return { cells: null, size: 1 };
}

/** Stands for a quote that is text while a record is parsed: a noncharacter, which no text may have. */
const TEXT_QUOTE = '\ufffe';

/** Returns the cells of a text that is one record; null where a quote in it is not closed. */
function parseRecord(text: string, options: { delimiter: string; relax_quotes?: boolean }): string[] | null {
  if (text.length > MAX_RECORD_LENGTH) return null;
  // csv-parse takes 100 µs to begin, and most records need nothing of it.
  if (!text.includes('"')) return text.split(options.delimiter).map((cell) => cell.trim());
  const inText = new RegExp(`(?<=[^"\\n${options.delimiter}])"(?=[^"\\n${options.delimiter}])`, 'g');
  try {
    const [cells = []] = parse(text.replace(inText, TEXT_QUOTE), { ...options, relax_column_count: true, trim: true });
    return cells.map((cell) => cell.replaceAll(TEXT_QUOTE, '"'));
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}
