import type { Columns } from './columns.ts';
import { fillLargeColumns } from './large-columns.ts';
import { defineLoader, type LoaderDefinition } from './loader.ts';

type Table = {
  columns: Columns;
  /** As `messages m JOIN conversations c ON c.id = m.conversation_id`. */
  from: string;
  id: string;
  /** What makes a row the viewer's, given `k.viewer_id` and `k.viewer_is_admin`. */
  visible: string;
};

/** Defines a loader of rows by id, one statement a batch; null for a row that is missing or not the viewer's. */
export function rowById<Row extends { id: string }>(table: Table): LoaderDefinition<string, Row | null> {
  const { columns, from, id, visible } = table;
  const text = `SELECT k.ordinal::int AS "$ordinal", ${columns.list}
FROM unnest($1::uuid[], $2::uuid[], $3::bool[]) WITH ORDINALITY AS k(id, viewer_id, viewer_is_admin, ordinal)
CROSS JOIN ${from} WHERE ${id} = k.id AND ${visible}`;
  return defineLoader<string, Row | null>({
    async batch(services, requests) {
      const rows = await services.database.sql<Row & { $ordinal: number }>(text, [
        requests.map(({ key }) => key),
        requests.map(({ viewerId }) => viewerId),
        requests.map(({ isAdmin }) => isAdmin),
      ]);
      const answers: (Row | null)[] = requests.map(() => null);
      for (const row of rows) answers[row.$ordinal - 1] = row;
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
