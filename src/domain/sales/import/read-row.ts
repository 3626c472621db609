import { BadUserInput } from '#domain/core/errors.ts';
import { findLanguage } from '#domain/sales/languages.ts';
import { isEmail, type LeadRules, leadColumns } from '#domain/sales/lead-columns.ts';
import { parsePhone, regionsOf } from '#domain/sales/phones/parse-phone.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';
import type { Header } from './columns.ts';
import { garbledProblem } from './garbled-text.ts';
import type { LeadColumn } from './lead-column.ts';
import { type DayRules, readDate } from './read-date.ts';
import { isWithoutMeaning, readStatus, refusesCalls } from './read-status.ts';

/** The columns of a lead in a row; the language is null if the row has none. */
export type LeadRow = {
  line: number;
  phone: string;
  name: string;
  status: LeadStatus | null;
  columns: Omit<ReturnType<typeof leadColumns>, 'phone' | 'name'>;
};

/** An error of a row, with the line at which the row begins. */
export type RowError = { row: number; field: string | null; message: string };

/** What the reading of a row depends on. */
export type RowRules = LeadRules & DayRules;

/** `="…"`, which makes a spreadsheet treat a cell as text. */
const FORMULA = /^="((?:[^"]|"")*)"$/;

/** A row that was read, and what was ignored in it. */
export type ReadRow = { row: LeadRow; problems: RowError[] };

/** A record without unclosed quotes. */
type Row = { line: number; cells: readonly string[] };

/** What is read of a row that asks for no calls, if anything else in it is invalid. */
const OF_A_REFUSAL: ReadonlySet<LeadColumn> = new Set([
  'name',
  'firstName',
  'lastName',
  'phone',
  'status',
  'doNotCall',
] as const);

/**
 * Reads the cells of a row. An error invalidates the row, with two exceptions: an unknown language, a status without a meaning and a
 * malformed e-mail address are only ignored, and a row that asks for no calls is obeyed in any case. Throws BadUserInput with the column as
 * its field.
 */
export function readRow(deps: RowRules, header: Header, row: Row, language: string): ReadRow {
  try {
    return readCells(deps, header.places, row, language);
  } catch (error) {
    if (!(error instanceof BadUserInput)) throw error;
    const refusal = readRefusal(deps, header, row, language);
    if (!refusal) throw error;
    const { field, message } = problemOf(row.line, error);
    const taken = 'Of this row only the name, the number and that there are to be no calls were taken.';
    return { row: refusal, problems: [{ row: row.line, field, message: `${message} ${taken}` }] };
  }
}

/** Reads the do-not-call request of a row; null if it has none. */
function readRefusal(deps: RowRules, { places }: Header, row: Row, language: string): LeadRow | null {
  try {
    const few = new Map([...places].filter(([column]) => OF_A_REFUSAL.has(column)));
    const { row: read } = readCells(deps, few, row, language);
    return read.status === 'DO_NOT_CALL' ? read : null;
  } catch (error) {
    if (error instanceof BadUserInput) return null;
    throw error;
  }
}

/**
 * Describes an error of a row; `field` is null if it concerns the whole row. Tags are validated individually, so their index is cut off.
 */
export const problemOf = (row: number, { details, message }: BadUserInput): RowError => ({
  row,
  field: String(details.field).replace(/\..*$/, '') || null,
  message,
});

function readCells(deps: RowRules, places: Header['places'], { line, cells }: Row, language: string): ReadRow {
  const legible = <Value extends string | undefined>(column: LeadColumn, value: Value): Value => {
    const problem = garbledProblem(value ?? '');
    if (problem) throw new BadUserInput(column, problem);
    return value;
  };
  const contents = (column: LeadColumn): string[] =>
    (places.get(column) ?? []).map((place) => contentOf(cells[place])).filter((content) => content !== undefined);
  const cell = (column: LeadColumn) => legible(column, contents(column)[0]);
  const allOf = (column: LeadColumn) => contents(column).map((content) => legible(column, content));
  const required = (field: string, value: string | undefined): string => {
    if (value === undefined) throw new BadUserInput(field, 'This is missing.');
    return value;
  };
  const fullName = cell('name') ?? [cell('firstName'), cell('lastName')].filter(Boolean).join(' ');
  const problems: RowError[] = [];
  /** Returns a value that can be used; reports another one, and returns undefined. */
  const usable = (field: LeadColumn, value: string | undefined, isUsable: (value: string) => boolean, why: string) => {
    if (value === undefined || isUsable(value)) return value;
    problems.push({ row: line, field, message: why });
    return undefined;
  };
  const spoken = cell('language');
  const { phone, name, ...columns } = leadColumns(
    deps,
    '',
    {
      name: required('name', fullName || undefined),
      phone: required('phone', legible('phone', chooseNumber(deps, contents('phone'), [spoken, language]))),
      email: usable('email', cell('email'), isEmail, NO_EMAIL),
      company: cell('company'),
      language: usable('language', spoken, (name) => findLanguage(name) !== null, toUnknown(language)),
      timeZone: cell('timeZone'),
      source: cell('source'),
      notes: cell('notes'),
      tags: readTags(cell('tags')),
      consentAt: readDate(deps, 'consentAt', cell('consentAt')),
      consentReference: cell('consentReference'),
      registryCheckedAt: readDate(deps, 'registryCheckedAt', cell('registryCheckedAt')),
      registryReference: cell('registryReference'),
    },
    language,
  );
  const isRefused = refusesCalls(allOf('doNotCall'));
  const statuses = allOf('status');
  if (!isRefused) for (const status of statuses) usable('status', status, (name) => !isWithoutMeaning(name), NO_STATUS);
  return {
    row: {
      line,
      phone: phone as string,
      name: name as string,
      status: isRefused ? 'DO_NOT_CALL' : readStatus(statuses),
      columns,
    },
    problems,
  };
}

/** The apostrophe before what a spreadsheet would take for a formula, and before others with that, as exports have it (reports/csv.ts). */
const TEXT_MARK = /^'(?='*\s*[=+\-@\t\r\n])/;

/** Returns the content of a cell; undefined if it is empty. */
function contentOf(cell: string | undefined): string | undefined {
  const text = cell?.trim() ?? '';
  return (FORMULA.exec(text)?.[1]?.replaceAll('""', '"') ?? text.replace(TEXT_MARK, '')).trim() || undefined;
}

/** A tag with the separator behind it; in quotes, with each quote twice, it may contain separators. */
const TAG = /\s*(?:"((?:[^"]|"")*)"\s*|((?:(?!:::)[^,;|])*))(?:[,;|]|:::|$)/gy;

/** Returns the tags in a cell, also in the formats of address books (`* friends ::: work`) and mail programs (`"vip","new"`). */
const readTags = (cell: string | undefined): string[] | undefined =>
  cell === undefined
    ? undefined
    : Array.from(
        cell.matchAll(TAG),
        ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare.replace(/^\* (?=.)/, ''),
      );

/** Separators of several numbers in one cell, as address books (` ::: `) and people write them. */
const BETWEEN_NUMBERS = /:::|[/;,|\n]/;
/**
 * Limits for several numbers in one cell: its length in UTF-16 units, how many numbers count, and the minimum digits of each, because fewer
 * may be an extension.
 */
const SEVERAL = { maxLength: 200, max: 5, minDigits: 7 };

/** Returns the first valid one of several numbers, else the first; undefined if there is none. */
function chooseNumber(
  { sales }: LeadRules,
  cells: readonly string[],
  spoken: readonly (string | undefined)[],
): string | undefined {
  const numbers = cells.flatMap((cell) => [cell, ...splitNumbers(cell)]);
  if (numbers.length < 2) return numbers[0];
  const languages = spoken.map((language) => findLanguage(language ?? '')).filter((tag) => tag !== null);
  const regions = regionsOf(languages, sales.defaultPhoneRegion);
  return numbers.find((text) => 'phone' in parsePhone(text, regions)) ?? numbers[0];
}

/** Splits a cell with several numbers. */
function splitNumbers(cell: string): string[] {
  if (cell.length > SEVERAL.maxLength || !BETWEEN_NUMBERS.test(cell)) return [];
  const parts = cell.split(BETWEEN_NUMBERS).map((part) => part.trim());
  const areNumbers = parts.every((part) => part.replace(/\D/g, '').length >= SEVERAL.minDigits);
  return areNumbers ? parts.slice(0, SEVERAL.max) : [];
}

const NO_EMAIL = 'This is not an e-mail address, and was passed over.';

const NO_STATUS =
  'This status means nothing here, and was passed over: a new lead is NEW. Give one of LeadStatus, or DO_NOT_CALL if nobody may call.';

const toUnknown = (language: string): string =>
  `This language is not known, and was passed over: a new lead has ${language}. Give its tag of BCP 47, as he or en-GB, or its name.`;
