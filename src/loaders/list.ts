import type { CursorValue } from '#domain/core/cursors.ts';
import type { Services } from '#domain/core/deps.ts';
import type { Page } from '#domain/core/paging.ts';
import type { Columns } from './columns.ts';
import { fillLargeColumns } from './large-columns.ts';
import { defineLoader, type LoaderDefinition, type LoadRequest } from './loader.ts';

/** Adds a value to the statement and returns its placeholder, as `$3::uuid`. */
export type Bind = (value: unknown, type: string) => string;

type SortKey<Row> = {
  sql: string;
  type: string;
  /** What a cursor keeps of a row. */
  of: (row: Row) => CursorValue | Date;
  /** The SQL that makes the key of what a cursor keeps; where it is missing, that is the key. */
  ofCursor?: (value: string) => string;
};

/** The keys that order a list, most significant first, all in one direction; together they are unique. */
export type Order<Row> = {
  /** Names list and order: what a cursor is bound to. */
  name: string;
  descending: boolean;
  keys: readonly SortKey<Row>[];
};

/** Some of a row's columns; `hasKeys` where those that order the list are among them, which cursors are made of. */
export type NarrowColumns = { columns: Columns; hasKeys: boolean };

export type ListDefinition<Row, Filter> = {
  columns: Columns;
  /** Those that most pages show, the fewest first: of a hundred rows, the others take longer than all else. */
  narrow?: readonly NarrowColumns[];
  from: string;
  /** The column that holds a row's id. */
  id: string;
  /** The column that holds the parent's id. */
  parent: string;
  order: (filter: Filter) => Order<Row>;
  where?: (filter: Filter, bind: Bind) => string[];
  /** Filters that have the rows of this one between them, each fast by itself: a row may pass several. */
  unionOf?: (filter: Filter) => readonly Filter[];
  /** Where rows are counted, if that takes less than to read them. */
  countFrom?: (filter: Filter) => string;
  /** Whether the best plan depends on the values of the filter. */
  isPlannedAnew?: (filter: Filter) => boolean;
  /** Whether a row may change without a write that is told as a change of its owner's. */
  isInFlux?: (row: Row) => boolean;
};

/** A page of the list of a parent. */
export class ListKey<Filter> {
  readonly parentId: string;
  readonly filter: Filter;
  readonly page: Page;
  /** The same for all pages that differ in nothing but their parent. */
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
  /** The same rows, with nothing but some of their fields, the fewest first. */
  narrow: readonly { fields: ReadonlySet<string>; hasKeys: boolean; rows: LoaderDefinition<ListKey<Filter>, Row[]> }[];
  count: LoaderDefinition<CountKey<Filter>, number>;
};

/**
 * Defines a list under a parent, as the messages of a conversation or the conversations of a user. One LATERAL statement reads
 * the page of every parent in a batch; keyset paging makes any page as fast as the first. The viewer is not in the WHERE
 * here, because the parent is: nobody gets to hold a parent row that is not theirs.
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

/** Reads alike keys together: one call of `read` for each `signature`, with the parents that share it. */
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

/** The parents `k`. One alone is a value to the planner, by which it knows how many rows there are. */
const parentsIn = <Row, Filter>(definition: ListDefinition<Row, Filter>, { length }: string[], filter: Filter) =>
  length === 1 && planOf(definition, filter)
    ? '(VALUES (($1::uuid[])[1], 1)) AS k(parent_id, ordinal)'
    : 'unnest($1::uuid[]) WITH ORDINALITY AS k(parent_id, ordinal)';

/** A statement that reads a page of the parent `k`: of the pages by several filters the rows that come first, each once. */
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
