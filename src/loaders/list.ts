import type { CursorValue } from '#domain/core/cursors.ts';
import type { Services } from '#domain/core/deps.ts';
import type { Page } from '#domain/core/paging.ts';
import type { Columns } from './columns.ts';
import { fillLargeColumns } from './large-columns.ts';
import { defineLoader, type LoaderDefinition, type LoadRequest } from './loader.ts';

/** Adds a parameter to the statement and returns its placeholder, such as `$3::uuid`. */
export type Bind = (value: unknown, type: string) => string;

type SortKey<Row> = {
  sql: string;
  type: string;
  /** Returns the value that a cursor keeps of a row. */
  of: (row: Row) => CursorValue | Date;
  /** The SQL that computes the key from the value in a cursor; if it is missing, that value is the key. */
  ofCursor?: (value: string) => string;
};

/** The keys that order a list, most significant first, all in one direction; together they are unique. */
export type Order<Row> = {
  /** The name of the list and its order, to which cursors are bound. */
  name: string;
  descending: boolean;
  keys: readonly SortKey<Row>[];
};

/** Some of a row's columns. `hasKeys`: whether they include the sort keys, of which cursors are made. */
export type NarrowColumns = { columns: Columns; hasKeys: boolean };

export type ListDefinition<Row, Filter> = {
  columns: Columns;
  /**
   * The subsets of columns that most pages need, the smallest first. For a hundred rows, reading all others takes longer than the rest of
   * the query.
   */
  narrow?: readonly NarrowColumns[];
  from: string;
  /** The column that holds a row's id. */
  id: string;
  /** The column that holds the parent's id. */
  parent: string;
  order: (filter: Filter) => Order<Row>;
  where?: (filter: Filter, bind: Bind) => string[];
  /** Splits a filter into several that match the same rows together, each of them fast; a row may match more than one. */
  unionOf?: (filter: Filter) => readonly Filter[];
  /** The table in which rows are counted, if counting them there is cheaper. */
  countFrom?: (filter: Filter) => string;
  /** Whether the best plan depends on the values of the filter. */
  isPlannedAnew?: (filter: Filter) => boolean;
  /** Whether a row may change without a write that is recorded among its owner's changes. */
  isInFlux?: (row: Row) => boolean;
};

/** A request for a page of a parent's list. */
export class ListKey<Filter> {
  readonly parentId: string;
  readonly filter: Filter;
  readonly page: Page;
  /** Equal for all pages that differ only in their parent. */
  readonly signature: string;

  constructor(parentId: string, filter: Filter, page: Page) {
    this.parentId = parentId;
    this.filter = filter;
    this.page = page;
    this.signature = JSON.stringify([filter, page]);
  }
}

export type CountKey<Filter> = { parentId: string; filter: Filter };

export type List<Row, Filter> = {
  order: (filter: Filter) => Order<Row>;
  /** Up to `limit` rows of a page, in the order of the list. */
  rows: LoaderDefinition<ListKey<Filter>, Row[]>;
  /** The same rows with only some of their fields, the smallest subset first. */
  narrow: readonly { fields: ReadonlySet<string>; hasKeys: boolean; rows: LoaderDefinition<ListKey<Filter>, Row[]> }[];
  count: LoaderDefinition<CountKey<Filter>, number>;
};

/**
 * Defines a list under a parent, such as the messages of a conversation or the conversations of a user. One LATERAL statement reads the
 * pages of all parents in a batch; keyset paging makes every page as fast as the first. The WHERE names the parent and not the viewer,
 * because nobody can obtain a parent row that is not theirs.
 */
export function defineList<Row extends { id: string }, Filter = Record<string, never>>(
  definition: ListDefinition<Row, Filter>,
): List<Row, Filter> {
  const { narrow = [] } = definition;
  return {
    order: definition.order,
    rows: defineRows(definition),
    narrow: narrow.map(({ columns, hasKeys }) => ({
      fields: columns.fields,
      hasKeys,
      rows: defineRows({ ...definition, columns }),
    })),
    count: defineLoader<CountKey<Filter>, number>({
      cacheKey: JSON.stringify,
      batch: (services, requests) =>
        inGroups(
          requests,
          ({ filter }) => JSON.stringify(filter),
          (parents, { filter }) => readCounts(services, definition, parents, filter),
        ),
    }),
  };
}

function defineRows<Row extends { id: string }, Filter>(definition: ListDefinition<Row, Filter>) {
  const { isInFlux } = definition;
  return defineLoader<ListKey<Filter>, Row[]>({
    cacheKey: ({ parentId, signature }) => `${parentId} ${signature}`,
    ...(isInFlux && { isInFlux: (page) => page.some(isInFlux) }),
    async batch(services, requests) {
      const pages = await inGroups(
        requests,
        ({ signature }) => signature,
        (parents, { filter, page }) => readPages(services, definition, parents, filter, page),
      );
      const errors = await fillLargeColumns(services, definition, requests, pages);
      return pages.map((page, index) => errors[index] ?? page);
    },
  });
}

/** Groups requests by `signature`: one call of `read` for each, with the parents that share it. */
async function inGroups<Key extends { parentId: string }, Value>(
  requests: readonly LoadRequest<Key>[],
  signature: (key: Key) => string,
  read: (parents: string[], example: Key) => Promise<Value[]>,
): Promise<Value[]> {
  const groups = Map.groupBy(requests.keys(), (index) => signature((requests[index] as LoadRequest<Key>).key));
  const answers = new Array<Value>(requests.length);
  await Promise.all(
    [...groups.values()].map(async (indexes) => {
      const keys = indexes.map((index) => (requests[index] as LoadRequest<Key>).key);
      const values = await read(
        keys.map(({ parentId }) => parentId),
        keys[0] as Key,
      );
      indexes.forEach((index, position) => {
        answers[index] = values[position] as Value;
      });
    }),
  );
  return answers;
}

async function readPages<Row, Filter>(
  { database }: Services,
  definition: ListDefinition<Row, Filter>,
  parents: string[],
  filter: Filter,
  page: Page,
): Promise<Row[][]> {
  const { values, bind } = binder([parents]);
  const text = `SELECT k.ordinal::int AS "$ordinal", r.* FROM ${parentsIn(definition, parents, filter)}
CROSS JOIN LATERAL (${selectPage(definition, filter, page, bind)}) r`;
  const pages: Row[][] = parents.map(() => []);
  const rows = await database.sql<{ $ordinal: number }>(text, values, planOf(definition, filter));
  for (const row of rows) pages[row.$ordinal - 1]?.push(row as Row);
  if (page.backward) for (const rows of pages) rows.reverse();
  return pages;
}

const planOf = <Row, Filter>({ isPlannedAnew }: ListDefinition<Row, Filter>, filter: Filter) =>
  isPlannedAnew?.(filter) ? 'anew' : undefined;

/** The SQL of the parents `k`. A single parent is a plain value, by which the planner can estimate its number of rows. */
const parentsIn = <Row, Filter>(definition: ListDefinition<Row, Filter>, { length }: string[], filter: Filter) =>
  length === 1 && planOf(definition, filter)
    ? '(VALUES (($1::uuid[])[1], 1)) AS k(parent_id, ordinal)'
    : 'unnest($1::uuid[]) WITH ORDINALITY AS k(parent_id, ordinal)';

/** The statement for a page of the parent `k`. If the filter was split, it merges their pages and keeps each of the first rows once. */
function selectPage<Row, Filter>(
  definition: ListDefinition<Row, Filter>,
  filter: Filter,
  page: Page,
  bind: Bind,
): string {
  const { columns, from, parent, order, where, unionOf } = definition;
  const { keys, descending } = order(filter);
  const direction = descending !== page.backward ? 'DESC' : 'ASC';
  const limit = bind(page.limit, 'int');
  const bindKey = ({ type, ofCursor = (value) => value }: SortKey<Row>, value: CursorValue | undefined) =>
    ofCursor(bind(value, type));
  const beyond = (cursor: CursorValue[], comparison: string) =>
    `(${keys.map((key) => key.sql)}) ${comparison} (${keys.map((key, index) => bindKey(key, cursor[index]))})`;
  const cursors = [
    ...(page.after ? [beyond(page.after, descending ? '<' : '>')] : []),
    ...(page.before ? [beyond(page.before, descending ? '>' : '<')] : []),
  ];
  const select = (list: string, part: Filter) => `SELECT ${list} FROM ${from}
  WHERE ${[`${parent} = k.parent_id`, ...(where?.(part, bind) ?? []), ...cursors].join(' AND ')}
  ORDER BY ${keys.map((key) => `${key.sql} ${direction}`)} LIMIT ${limit}`;
  const parts = unionOf?.(filter) ?? [filter];
  if (parts.length === 1) return select(columns.list, parts[0] as Filter);
  const list = [columns.list, ...keys.map((key, index) => `${key.sql} AS "$key${index}"`)].join(', ');
  return `${parts.map((part) => `(${select(list, part)})`).join(' UNION ')}
  ORDER BY ${keys.map((_, index) => `"$key${index}" ${direction}`)} LIMIT ${limit}`;
}

async function readCounts<Row, Filter>(
  { database }: Services,
  definition: ListDefinition<Row, Filter>,
  parents: string[],
  filter: Filter,
): Promise<number[]> {
  const { values, bind } = binder([parents]);
  const rows = await database.sql<{ total: number }>(
    `SELECT r.total FROM ${parentsIn(definition, parents, filter)}
CROSS JOIN LATERAL (${selectCount(definition, filter, bind)}) r ORDER BY k.ordinal`,
    values,
    planOf(definition, filter),
  );
  return rows.map(({ total }) => total);
}

function selectCount<Row, Filter>(
  { id, from, countFrom = () => from, parent, where, unionOf }: ListDefinition<Row, Filter>,
  filter: Filter,
  bind: Bind,
): string {
  const parts = unionOf?.(filter) ?? [filter];
  const select = (what: string, part: Filter) =>
    `SELECT ${what} FROM ${countFrom(part)} WHERE ${[`${parent} = k.parent_id`, ...(where?.(part, bind) ?? [])].join(' AND ')}`;
  if (parts.length === 1) return select('count(*)::int AS total', parts[0] as Filter);
  return `SELECT count(*)::int AS total FROM (${parts.map((part) => select(id, part)).join(' UNION ')}) united`;
}

function binder(values: unknown[]): { values: unknown[]; bind: Bind } {
  return { values, bind: (value, type) => `$${values.push(value)}::${type}` };
}
