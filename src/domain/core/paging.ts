import type { Cursors, CursorValue } from './cursors.ts';
import { BadUserInput } from './errors.ts';

/** The page size if neither `first` nor `last` is given. */
export const DEFAULT_PAGE_SIZE = 20;
/** The maximum page size. */
export const MAX_PAGE_SIZE = 100;

/** Relay's connection arguments. */
export type PageArgs = {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
};

/** A window on an ordered list: `limit` rows after `after` and before `before`, counted from the end if `backward`. */
export type Page = {
  limit: number;
  backward: boolean;
  after: CursorValue[] | null;
  before: CursorValue[] | null;
};

/** Returns the page that Relay's connection arguments ask for; `list` names the list and its order. Throws BadUserInput. */
export function parsePage(cursors: Cursors, list: string, { first, after, last, before }: PageArgs): Page {
  if (first != null && last != null) throw new BadUserInput('last', 'Give `first` or `last`, not both.');
  return {
    limit: checkOptionalPageSize(first, 'first') ?? checkOptionalPageSize(last, 'last') ?? DEFAULT_PAGE_SIZE,
    backward: last != null,
    after: after == null ? null : cursors.read(list, after, 'after'),
    before: before == null ? null : cursors.read(list, before, 'before'),
  };
}

function checkOptionalPageSize(value: number | null | undefined, field: string): number | undefined {
  return value == null ? undefined : checkPageSize(field, value);
}

/** Returns the number of rows that are asked for, 0 to 100. Throws BadUserInput. */
export function checkPageSize(field: string, value: number): number {
  if (value < 0 || value > MAX_PAGE_SIZE)
    throw new BadUserInput(field, `\`${field}\` must be a number from 0 to ${MAX_PAGE_SIZE}.`);
  return value;
}
