import { sqlStateOf } from '#adapters/database/outages.ts';
import { Unavailable } from '#domain/core/errors.ts';
import { MAX_IMPORT_MINUTES } from '#domain/core/sliced-import.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { ConversationRow } from './export-rows.ts';
import { MESSAGE_COLUMNS, MESSAGE_ROWS, messageValues, toJsonList } from './message-rows.ts';
import type { Batch } from './parse-export.ts';

/** JSON columns are passed as text and cast, so that they are stored unchanged. */
const CONVERSATIONS = Prisma.sql`c(id uuid, source_id text, former_ids text[], title text, pinned boolean, archived boolean, metadata text,
  last_sequence int, created_at timestamptz, last_activity_at timestamptz)`;

/**
 * Writes conversations of one slice each with their messages, except those that their owner already has, by `source_id` or `former_ids`.
 * Returns the ids of those that exist under the ids of their rows: written now, or by an earlier attempt.
 */
export async function insertConversations(tx: Tx, ownerId: string, { rows, slices }: Batch): Promise<Set<string>> {
  const written = await tx.$queryRaw<{ id: string }[]>`
    WITH written AS (
      INSERT INTO conversations (id, owner_id, source_id, title, pinned, archived, metadata, last_sequence, last_read_sequence,
        created_at, last_activity_at, updated_at)
      SELECT id, ${ownerId}::uuid, source_id, title, pinned, archived, metadata::json, last_sequence, last_sequence,
        least(created_at, now()), last_activity_at, now()
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS ${CONVERSATIONS}
      WHERE NOT EXISTS (SELECT FROM conversations AS former
        WHERE former.owner_id = ${ownerId}::uuid AND former.source_id = ANY(c.former_ids))
      ON CONFLICT DO NOTHING RETURNING id
    ), messages AS (
      INSERT INTO messages (${MESSAGE_COLUMNS})
      SELECT ${messageValues(ownerId)}
      FROM json_to_recordset(${toJsonList(slices)}::json) AS ${MESSAGE_ROWS} JOIN written ON written.id = m.conversation_id
    )
    SELECT id FROM written
    UNION SELECT id FROM conversations WHERE owner_id = ${ownerId}::uuid AND id = ANY(${rows.map(({ id }) => id)}::uuid[])`;
  return new Set(written.map(({ id }) => id));
}

/** Begins a conversation of several slices, which has no owner until all of them are written. */
export function beginConversation(tx: Tx, row: ConversationRow): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO conversations (id, title, pinned, archived, metadata, last_sequence, last_read_sequence,
      last_activity_at, updated_at)
    SELECT id, title, pinned, archived, metadata::json, last_sequence, last_sequence, last_activity_at, now()
    FROM json_to_recordset(${JSON.stringify([row])}::json) AS ${CONVERSATIONS}`;
}

/**
 * Assigns a complete conversation to its owner. Throws Unavailable if it took too long, or if another import has written the same one; the
 * next attempt finds that one.
 */
export async function giveConversation(
  tx: Tx,
  ownerId: string,
  { id, source_id, created_at }: ConversationRow,
): Promise<void> {
  try {
    const given = await tx.$executeRaw`UPDATE conversations SET owner_id = ${ownerId}::uuid, source_id = ${source_id},
      created_at = least(${created_at}::timestamptz, now()), updated_at = now()
      WHERE id = ${id}::uuid AND created_at > now() - ${MAX_IMPORT_MINUTES} * interval '1 minute'`;
    if (given === 0) throw new Unavailable();
  } catch (error) {
    throw error instanceof Error && sqlStateOf(error) === '23505' ? new Unavailable() : error;
  }
}
