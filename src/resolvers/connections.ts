import type { GraphQLResolveInfo } from 'graphql';
import { type PageArgs, parsePage } from '#domain/core/paging.ts';
import type { List, Order } from '#loaders/list.ts';
import { needsOnly } from './asked-fields.ts';
import type { Context } from './context.ts';

/** Something at its position in a list. Its cursor is made only where it is asked for. */
export class Edge<Row> {
  readonly node: Row;
  readonly #cursorOf: (row: Row) => string;

  constructor(node: Row, cursorOf: (row: Row) => string) {
    this.node = node;
    this.#cursorOf = cursorOf;
  }

  get cursor(): string {
    return this.#cursorOf(this.node);
  }
}

export type Connection<Row> = {
  edges: Edge<Row>[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** Counted only where it is asked for. */
  totalCount(): number | Promise<number>;
};

/** Returns a row at its position in the lists of an order, as what adds it to one of them on a client needs it. */
export function edgeIn<Row>(ctx: Pick<Context, 'deps'>, order: Order<Row>, node: Row): Edge<Row> {
  return new Edge(node, cursorsIn(ctx, order));
}

function cursorsIn<Row>({ deps }: Pick<Context, 'deps'>, { name, keys }: Order<Row>): (row: Row) => string {
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
  { parentId, filter, count }: { parentId: string; filter: Filter; count?: () => number },
  args: PageArgs,
  info?: GraphQLResolveInfo,
): Promise<Connection<Row>> {
  const { deps, load } = ctx;
  const order = list.order(filter);
  const page = parsePage(deps.cursors, order.name, args);
  const { rows: read } = info && list.common && needsOnly(list.common.fields, info) ? list.common : list;
  const found = await load(read, { parentId, filter, page });
  const more = found.length > page.limit;
  const rows = !more ? found : page.backward ? found.slice(found.length - page.limit) : found.slice(0, page.limit);
  const cursorOf = cursorsIn(ctx, order);
  const edges = rows.map((node) => new Edge(node, cursorOf));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.backward ? page.before !== null : more,
      hasPreviousPage: page.backward ? more : page.after !== null,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
    totalCount: count ?? (() => load(list.count, { parentId, filter })),
  };
}
