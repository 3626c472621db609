import { defineLoader, type LoaderDefinition } from './loader.ts';

type Table = {
  columns: string;
  /** As `messages m JOIN conversations c ON c.id = m.conversation_id`. */
  from: string;
  id: string;
  /** What makes a row the viewer's, given `k.viewer_id` and `k.viewer_is_admin`. */
  visible: string;
};

/** Defines a loader of rows by id, one statement a batch; null for a row that is missing or not the viewer's. */
export function rowById<Row>({ columns, from, id, visible }: Table): LoaderDefinition<string, Row | null> {
  const text = `SELECT k.ordinal::int AS "$ordinal", ${columns}
FROM unnest($1::uuid[], $2::uuid[], $3::bool[]) WITH ORDINALITY AS k(id, viewer_id, viewer_is_admin, ordinal)
CROSS JOIN ${from} WHERE ${id} = k.id AND ${visible}`;
  return defineLoader<string, Row | null>({
    async batch({ database }, requests) {
      const rows = await database.sql<{ $ordinal: number }>(text, [
        requests.map(({ key }) => key),
        requests.map(({ viewerId }) => viewerId),
        requests.map(({ isAdmin }) => isAdmin),
      ]);
      const answers: (Row | null)[] = requests.map(() => null);
      for (const row of rows) answers[row.$ordinal - 1] = row as Row;
      return answers;
    },
  });
}
