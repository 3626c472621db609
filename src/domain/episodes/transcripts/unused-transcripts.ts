import type { Database } from '#adapters/database/database.ts';

/** An import that takes longer is not finished, and its rows are removed once they are twice as old. */
export const MAX_IMPORT_MINUTES = 30;

/** Rows of one statement, so that nobody waits for long. */
const ROWS_AT_ONCE = 1_000;

const UNUSED = /* sql */ `t.episode_id IS NULL
  AND (t.id = ANY($1::uuid[]) OR t.created_at < now() - ${2 * MAX_IMPORT_MINUTES} * interval '1 minute')`;

/**
 * Removes the transcripts `ids` where they are no episode's, and those that other imports left behind, a few rows at a
 * time. Nobody sees them: it may be left undone, or be done twice.
 */
export async function removeUnusedTranscripts({ sql }: Pick<Database, 'sql'>, ids: readonly string[] = []) {
  for (;;) {
    const removed = await sql(
      `DELETE FROM transcript_segments WHERE id IN (SELECT s.id FROM transcripts t
         JOIN transcript_segments s ON s.transcript_id = t.id WHERE ${UNUSED} LIMIT ${ROWS_AT_ONCE}) RETURNING id`,
      [ids],
    );
    if (removed.length < ROWS_AT_ONCE) break;
  }
  await sql(`DELETE FROM transcripts t WHERE ${UNUSED}`, [ids]);
}
