import { serialize } from 'node:v8';
import { BadUserInput } from '#domain/core/errors.ts';
import { isComplete, readHeader } from './columns.ts';
import { type CsvRecord, isSeparatorLine, readLines, readRecords } from './csv-records.ts';
import { decodeCsv } from './decode-csv.ts';
import { nameText } from './name-file.ts';
import { type LeadRow, problemOf, type ReadRow, type RowError, readRow } from './read-row.ts';

/** The maximum number of rows of a file that is imported within a request, without its header. */
export const MAX_IMPORT_ROWS = 10_000;
/** The maximum number of rows of a file that a job imports, without its header. */
export const MAX_JOB_ROWS = 200_000;
/** How many rows are passed on and written together: some 30 ms of the embedded database, which blocks everybody else. */
const ROWS_AT_ONCE = 250;
/** The maximum number of lines of a job's file: even an empty line takes memory of the thread. */
const MAX_LINES = 4_000_000;
/** How many invalid rows of a job are described; all are counted. */
export const MAX_DESCRIBED_ERRORS = 1_000;

/**
 * How to read a file: the language of leads without one, the country of numbers without a country code, the present, and the time zone of
 * whoever imports, if it is known.
 */
type Reading = { language: string; defaultPhoneRegion: string | null; nowMs: number; timeZone: string | null };

/** A file to read within a request. */
export type LeadFile = Reading & { csv: string };

/** A file to read for a job, as sent; `charset` is the encoding that its sender declared. */
export type LargeLeadFile = Reading & { bytes: Uint8Array; charset: string | null };

/** Why the whole file is refused; or the headings without a meaning, the errors of its rows, and how many of them are unusable. */
export type ReadFile = { refused: string } | { ignoredColumns: string[]; errors: RowError[]; badRows: number };

/** The same for a large file: `errors` are the first of `errorCount`. */
export type ReadLargeFile =
  | { refused: string }
  | { rows: number; badRows: number; ignoredColumns: string[]; errors: RowError[]; errorCount: number };

type ReadRows = { refused: string } | { rows: number; badRows: number; ignoredColumns: string[]; errors: RowError[] };

/** Consecutive valid rows, serialized by node:v8, so that a file takes no more memory than its texts. */
export type RowSlice = { rows: number; lastLine: number; serialized: Uint8Array };

/** Reads a file, and reports its valid rows slice by slice, each number once. */
export function readLeadFile(file: LeadFile, report: (rows: LeadRow[]) => void): ReadFile {
  const read = readRows(file, MAX_IMPORT_ROWS, report);
  if ('refused' in read) return read;
  const { rows: _, ...result } = read;
  return result;
}

/** Reads a file for a job, and reports its valid rows slice by slice, each number once. */
export function readLargeLeadFile(file: LargeLeadFile, report: (slice: RowSlice) => void): ReadLargeFile {
  if (countLines(file.bytes) > MAX_LINES) return { refused: `A file can have ${MAX_LINES} lines; split it.` };
  const decoded = decode(file);
  if ('refused' in decoded) return decoded;
  const read = readRows({ ...file, csv: decoded.csv }, MAX_JOB_ROWS, (rows) => {
    const lastLine = rows.at(-1)?.line;
    if (lastLine) report({ rows: rows.length, lastLine, serialized: new Uint8Array(serialize(rows)) });
  });
  if ('refused' in read) return read;
  return { ...read, errors: read.errors.slice(0, MAX_DESCRIBED_ERRORS), errorCount: read.errors.length };
}

const [LINE_FEED, CARRIAGE_RETURN] = Buffer.from('\n\r');

function countLines(bytes: Uint8Array): number {
  let count = 1;
  for (const byte of bytes) if (byte === LINE_FEED || byte === CARRIAGE_RETURN) count += 1;
  return count;
}

function decode({ bytes, charset }: LargeLeadFile): { csv: string } | { refused: string } {
  try {
    return { csv: decodeCsv(bytes, charset ?? undefined) };
  } catch (error) {
    if (error instanceof BadUserInput) return { refused: error.message };
    throw error;
  }
}

function readRows(file: LeadFile, maxRows: number, report: (rows: LeadRow[]) => void): ReadRows {
  const { defaultPhoneRegion, nowMs, timeZone } = file;
  const rules = { sales: { defaultPhoneRegion }, now: () => new Date(nowMs), timeZone };
  const lines = readLines(file.csv);
  const found = findHeader(lines);
  if (!found) return { refused: nameText(file.csv) ?? NO_HEADER };
  const { records, errors, headings } = found;
  let { header } = found;
  let previous: CsvRecord | null = null;
  const lineOf = new Map<string, number>();
  let waiting: LeadRow[] = [];
  let [rows, badRows] = [0, 0];
  for (const record of records) {
    if (record.cells?.every((cell) => cell === '')) continue;
    rows += 1;
    if (rows > maxRows) return { refused: tooManyRows(maxRows) };
    const current = header;
    const { row, problems } = readRecord(record, (closed) => readRow(rules, current, closed, file.language), lineOf);
    const again = row === null && repeatsHeading(record, headings) ? readHeader(record.cells ?? []) : null;
    if (again && isComplete(again)) {
      header = again;
      if (reportHeadings(errors, record, previous)) badRows -= 1;
      previous = null;
      continue;
    }
    errors.push(...problems);
    previous = record;
    if (!(row && addRow(waiting, row))) badRows += 1;
    if (waiting.length < ROWS_AT_ONCE) continue;
    report(waiting);
    waiting = [];
  }
  report(waiting);
  return { rows, badRows, ignoredColumns: header.ignored, errors };
}

/** Whether a row has a cell that is a heading of the file. Checked first, because reading each bad row as a header is slow. */
const repeatsHeading = ({ cells }: CsvRecord, headings: ReadonlySet<string>): boolean =>
  cells?.some((cell) => cell !== '' && headings.has(cell)) ?? false;

/**
 * Reports a header between the rows, and the title of a group above it, as Monday exports each group of a board. Returns whether there is
 * such a title, which was read as a row.
 */
function reportHeadings(errors: RowError[], { line }: CsvRecord, previous: CsvRecord | null): boolean {
  const isTitle = previous?.cells?.filter((cell) => cell !== '').length === 1 && errors.at(-1)?.row === previous.line;
  if (isTitle) errors.splice(-1, 1, { row: previous.line, field: null, message: GROUP_TITLE });
  errors.push({ row: line, field: null, message: HEADER_AGAIN });
  return isTitle;
}

const GROUP_TITLE = 'This line is the title of a group of rows: it was skipped.';
const HEADER_AGAIN = 'This line names the columns again: it was skipped, and the rows below it are read by it.';

/** How many lines are searched for the header, because reports have titles above it. */
const MAX_TITLE_LINES = 10;

/** Finds the header, and the records below it; lines above it are reported as errors. Null if there is none. */
function findHeader(lines: readonly string[]) {
  const errors: RowError[] = [];
  for (let first = 0; first < lines.length && errors.length < MAX_TITLE_LINES; first += 1) {
    if (lines[first]?.trim() === '') continue;
    const records = readRecords(lines, first);
    const cells: string[] = records.next().value?.cells ?? [];
    const header = readHeader(cells);
    if (isComplete(header)) return { header, headings: new Set(cells), records, errors };
    if (!isSeparatorLine(lines[first] as string)) errors.push({ row: first + 1, field: null, message: ABOVE_HEADER });
  }
  return null;
}

const ABOVE_HEADER = 'This line stands above the one that names the columns, and was passed over.';

const NO_HEADER =
  'The first line names the columns, or one of the nine below it; `name` and `phone` must be among them, or שם and טלפון.';

const tooManyRows = (maxRows: number) =>
  maxRows < MAX_JOB_ROWS
    ? `A file can have ${maxRows} rows; send one of up to ${MAX_JOB_ROWS} to POST /leads/imports.`
    : `A file can have ${maxRows} rows; split it.`;

/** Adds a row to a slice, which has each number at most once. Returns false if only its refusal was added to an earlier row. */
function addRow(waiting: LeadRow[], row: LeadRow): boolean {
  const before = row.status === 'DO_NOT_CALL' ? waiting.find(({ phone }) => phone === row.phone) : undefined;
  if (before) before.status = row.status;
  else waiting.push(row);
  return before === undefined;
}

/**
 * Returns the row of a record, null if it is unusable, and its errors. For a repeated number, the first row counts, but if any of its rows
 * asks for no calls, the lead is not called.
 */
function readRecord(
  record: CsvRecord,
  read: (record: { line: number; cells: string[] }) => ReadRow,
  lineOf: Map<string, number>,
): { row: LeadRow | null; problems: RowError[] } {
  try {
    const { row, problems } = read(assertClosed(record));
    const first = lineOf.get(row.phone);
    if (first === undefined) {
      lineOf.set(row.phone, row.line);
      return { row, problems };
    }
    const repeated = { row: row.line, field: 'phone', message: `Line ${first} has the same number.` };
    return { row: row.status === 'DO_NOT_CALL' ? { ...row, columns: {} } : null, problems: [repeated] };
  } catch (error) {
    if (!(error instanceof BadUserInput)) throw error;
    return { row: null, problems: [problemOf(record.line, error)] };
  }
}

function assertClosed({ line, cells }: CsvRecord): { line: number; cells: string[] } {
  if (cells) return { line, cells };
  throw new BadUserInput('', 'A quote in this row is not closed, or the row is too long.');
}
