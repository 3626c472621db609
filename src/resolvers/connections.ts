import type { GraphQLResolveInfo } from 'graphql';
import { type Page, type PageArgs, parsePage } from '#domain/core/paging.ts';
import { type List, ListKey, type Order } from '#loaders/list.ts';
import type { Context } from './context.ts';
import { ALL_FIELDS, requestedFieldsOfPage } from './requested-fields.ts';

type CursorOf<Row> = (row: Row) => string;

/** Something at its position in a list. Its cursor is made only where it is asked for. */
export class Edge<Row> {
  readonly node: Row;
  readonly #cursorOf: CursorOf<Row>;

  constructor(node: Row, cursorOf: CursorOf<Row>) {
    this.node = node;
    this.#cursorOf = cursorOf;
  }

  get cursor(): string {
    return this.#cursorOf(this.node);
  }
}

/** Where a page stands in its list. */
class PageInfo<Row> {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #edges: readonly Edge<Row>[];

  constructor(edges: readonly Edge<Row>[], { backward, before, after }: Page, more: boolean) {
    this.#edges = edges;
    this.hasNextPage = backward ? before !== null : more;
    this.hasPreviousPage = backward ? more : after !== null;
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? null;
  }
}

export type Connection<Row> = {
  edges: Edge<Row>[];
  pageInfo: PageInfo<Row>;
  /** Counted only where it is asked for. */
  totalCount(): number | Promise<number>;
};

/** Returns a row at its position in the lists of an order, as what adds it to one of them on a client needs it. */
export function edgeIn<Row>(ctx: Pick<Context, 'deps'>, order: Order<Row>, node: Row): Edge<Row> {
  return new Edge(node, cursorsIn(ctx, order));
}

function cursorsIn<Row>({ deps }: Pick<Context, 'deps'>, { name, keys }: Order<Row>): CursorOf<Row> {
  return (row) =>
    deps.cursors.write(
      name,
      keys.map((key) => key.of(row)),
    );
}

/** One page of a list, as Relay's connections have it. With `info`, only what is asked of its rows is read, where that is little. */
export async function connection<Row, Filter>(
  ctx: Context,
  list: List<Row, Filter>,
  { parentId, filter, count }: { parentId: string; filter: Filter; count?: (() => number) | undefined },
  args: PageArgs,
  info?: GraphQLResolveInfo,
): Promise<Connection<Row>> {
  const { deps, load } = ctx;
  const order = list.order(filter);
  const page = parsePage(deps.cursors, order.name, args);
  const { rowFields, hasPageInfo, hasCursors } = info ? requestedFieldsOfPage(info) : ALL_FIELDS;
  const read = list.narrow.find(
    ({ fields, hasKeys }) => (hasKeys || !hasCursors) && rowFields?.every((field) => fields.has(field)),
  );
  // One more than is asked for says whether there are more.
  const rowPage = hasPageInfo ? { ...page, limit: page.limit + 1 } : page;
  const found = await load(read?.rows ?? list.rows, new ListKey(parentId, filter, rowPage));
  const more = found.length > page.limit;
  const rows = !more ? found : page.backward ? found.slice(found.length - page.limit) : found.slice(0, page.limit);
  const cursorOf = cursorsIn(ctx, order);
  const edges = rows.map((node) => new Edge(node, cursorOf));
  return {
    edges,
    pageInfo: new PageInfo(edges, page, more),
    totalCount: count ?? (() => load(list.count, { parentId, filter })),
  };
}
