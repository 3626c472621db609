import { serialize } from 'node:v8';
import { BadUserInput } from '#domain/core/errors.ts';
import { isComplete, readHeader } from './columns.ts';
import { type CsvRecord, isSeparatorLine, readLines, readRecords } from './csv-records.ts';
import { decodeCsv } from './decode-csv.ts';
import { nameText } from './name-file.ts';
import { type LeadRow, problemOf, type ReadRow, type RowError, readRow } from './read-row.ts';

/** Rows of a file that is imported within a request, without its header. */
export const MAX_IMPORT_ROWS = 10_000;
/** Rows of a file that a job imports, without its header. */
export const MAX_JOB_ROWS = 200_000;
/** Rows that are handed over, and written, together: some 30 ms of the embedded database, for which everybody waits. */
const ROWS_AT_ONCE = 250;
/** Lines that a file of a job is split into: each takes memory of the thread, also an empty one. */
const MAX_LINES = 4_000_000;
/** Bad rows of a job that are described; all are counted. */
export const MAX_DESCRIBED_ERRORS = 1_000;

/** How a file is read: in which language a lead is that does not say so, of which country a number that names none. */
type Reading = { language: string; defaultPhoneRegion: string | null; nowMs: number };

/** A file to read within a request. */
export type LeadFile = Reading & { csv: string };

/** A file to read for a job, as it was sent; `charset` is what its sender said it is in. */
export type LargeLeadFile = Reading & { bytes: Uint8Array; charset: string | null };

/** What is wrong with a file, but for its rows; or the headings that mean nothing, and what is wrong with rows. */
export type ReadFile = { refused: string } | { ignoredColumns: string[]; errors: RowError[] };

/** The same of a large one: `errors` are the first of `errorCount`. */
export type ReadLargeFile =
  | { refused: string }
  | { rows: number; ignoredColumns: string[]; errors: RowError[]; errorCount: number };

type ReadRows = { refused: string } | { rows: number; ignoredColumns: string[]; errors: RowError[] };

/** Good rows that follow each other, as `deserialize` of node:v8 gives them back: so a file takes no more memory than its texts. */
export type RowSlice = { rows: number; lastLine: number; serialized: Uint8Array };

/** Reads a file, and reports its good rows a slice after the other, each number once. */
export function readLeadFile(file: LeadFile, report: (rows: LeadRow[]) => void): ReadFile {
  const read = readRows(file, MAX_IMPORT_ROWS, report);
  return 'refused' in read ? read : { ignoredColumns: read.ignoredColumns, errors: read.errors };
}

/** Reads a file for a job, and reports its good rows a slice after the other, each number once. */
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
  const rules = { sales: { defaultPhoneRegion: file.defaultPhoneRegion }, now: () => new Date(file.nowMs) };
  const lines = readLines(file.csv);
  const found = findHeader(lines);
  if (!found) return { refused: nameText(file.csv) ?? NO_HEADER };
  const { header, records, errors } = found;
  const lineOf = new Map<string, number>();
  let waiting: LeadRow[] = [];
  let rows = 0;
  for (const record of records) {
    rows += 1;
    if (rows > maxRows) return { refused: tooManyRows(maxRows) };
    const { row, problems } = readRecord(record, (closed) => readRow(rules, header, closed, file.language), lineOf);
    errors.push(...problems);
    if (row) addRow(waiting, row);
    if (waiting.length < ROWS_AT_ONCE) continue;
    report(waiting);
    waiting = [];
  }
  report(waiting);
  return { rows, ignoredColumns: header.ignored, errors };
}

/** Lines in which the columns may be named: reports have titles above them. */
const MAX_TITLE_LINES = 10;

/** Finds the line that names the columns, and the records below it; what stands above it is told. Null where no line does. */
function findHeader(lines: readonly string[]) {
  const errors: RowError[] = [];
  for (let first = 0; first < lines.length && errors.length < MAX_TITLE_LINES; first += 1) {
    if (lines[first]?.trim() === '') continue;
    const records = readRecords(lines, first);
    const header = readHeader(records.next().value?.cells ?? []);
    if (isComplete(header)) return { header, records, errors };
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

/** Adds a row to those that are written together, among which a number is once. */
function addRow(waiting: LeadRow[], row: LeadRow): void {
  const before = row.status === 'DO_NOT_CALL' ? waiting.find(({ phone }) => phone === row.phone) : undefined;
  if (before) before.status = row.status;
  else waiting.push(row);
}

/**
 * Returns the row of a record, null where it cannot be used, and what is wrong with it. Where a number comes again, the first row counts;
 * but whoever is not to be called by one of several rows is not called.
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
