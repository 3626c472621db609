import type { Columns } from './columns.ts';
import { fillLargeColumns } from './large-columns.ts';
import { defineLoader, type LoaderDefinition, type LoadRequest } from './loader.ts';

type Table<Row> = {
  columns: Columns;
  /** Such as `messages m JOIN conversations c ON c.id = m.conversation_id`. */
  from: string;
  id: string;
  /** The SQL condition by which the viewer may read a row, over `k.viewer_id` and `k.viewer_is_admin`. */
  visible: string;
  /** Whether a row may change without a write that is recorded among its owner's changes. */
  isInFlux?: (row: Row) => boolean;
};

/** Defines a loader of rows by id, with one statement per batch; null for a row that is missing or not the viewer's. */
export function rowById<Row extends { id: string }>(table: Table<Row>): LoaderDefinition<string, Row | null> {
  const { columns, from, id, visible, isInFlux } = table;
  const text = `SELECT k.ordinal::int AS "$ordinal", ${columns.list}
FROM unnest($1::uuid[], $2::uuid[], $3::bool[]) WITH ORDINALITY AS k(id, viewer_id, viewer_is_admin, ordinal)
CROSS JOIN ${from} WHERE ${id} = k.id AND ${visible}`;
  return defineLoader<string, Row | null>({
    ...(isInFlux && { isInFlux: (row) => row !== null && isInFlux(row) }),
    async batch(services, requests) {
      // After a change, all subscribers that it wakes read the same row.
      const distinct = new Map(requests.map((request) => [identityOf(request), request]));
      const reads = [...distinct.values()];
      const rows = await services.database.sql<Row & { $ordinal: number }>(text, [
        reads.map(({ key }) => key),
        reads.map(({ viewerId }) => viewerId),
        reads.map(({ isAdmin }) => isAdmin),
      ]);
      const found = new Map(rows.map((row) => [identityOf(reads[row.$ordinal - 1] as LoadRequest<string>), row]));
      // A copy for each request: long values are filled in only for requests whose budget allows them.
      const answers = requests.map((request) => copyOf(found.get(identityOf(request))));
      const errors = await fillLargeColumns(
        services,
        table,
        requests,
        answers.map((row) => (row ? [row] : [])),
      );
      return answers.map((answer, index) => errors[index] ?? answer);
    },
  });
}

const identityOf = ({ key, viewerId, isAdmin }: LoadRequest<string>) => `${key} ${viewerId} ${isAdmin}`;

const copyOf = <Row extends object>(row: Row | undefined): Row | null => (row ? { ...row } : null);
