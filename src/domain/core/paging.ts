import type { Cursors, CursorValue } from './cursors.ts';
import { BadUserInput } from './errors.ts';

export const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

export type PageArgs = {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
};

/** A window on an ordered list: `limit` rows after `after` and before `before`, from its end where `backward`. */
export type Page = {
  limit: number;
  backward: boolean;
  after: CursorValue[] | null;
  before: CursorValue[] | null;
};

/** Checks Relay's connection arguments. `list` names the list and its order. */
export function pageOf(cursors: Cursors, list: string, { first, after, last, before }: PageArgs): Page {
  if (first != null && last != null) throw new BadUserInput('last', 'Give `first` or `last`, not both.');
  return {
    limit: size(first, 'first') ?? size(last, 'last') ?? DEFAULT_PAGE_SIZE,
    backward: last != null,
    after: after == null ? null : cursors.read(list, after, 'after'),
    before: before == null ? null : cursors.read(list, before, 'before'),
  };
}

function size(value: number | null | undefined, field: string): number | undefined {
  return value == null ? undefined : checkPageSize(field, value);
}

/** How many are asked for. Throws BadUserInput. */
export function checkPageSize(field: string, value: number): number {
  if (value < 0 || value > MAX_PAGE_SIZE)
    throw new BadUserInput(field, `\`${field}\` is a number from 0 to ${MAX_PAGE_SIZE}.`);
  return value;
}
