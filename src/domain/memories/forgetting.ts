import type { Deps } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';

/** Records that replies no longer use these messages of the owner, and that nothing is learned from them. */
export async function forgetMessages(tx: Tx, { actor }: Deps, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  // Locks the messages against deletion until the commit, after their conversations: the order in which a deletion locks them.
  await tx.$queryRaw`
    SELECT c.id FROM conversations c WHERE c.owner_id = ${actor.userId}::uuid
      AND c.id IN (SELECT conversation_id FROM messages WHERE id = ANY(${messageIds}::uuid[]))
    ORDER BY c.id FOR KEY SHARE`;
  await tx.$executeRaw`
    INSERT INTO forgotten_messages (message_id)
    SELECT id FROM messages WHERE id = ANY(${messageIds}::uuid[]) AND owner_id = ${actor.userId}::uuid ORDER BY id FOR KEY SHARE
    ON CONFLICT DO NOTHING`;
}

/**
 * Records the same for everything that the owner said until a moment. Calls are excluded: there the lead speaks, whose words never become
 * memories of the owner.
 */
export async function forgetAllMessages(tx: Tx, { actor }: Deps, until: Date): Promise<void> {
  await tx.$queryRaw`
    SELECT count(*) FROM (
      SELECT c.id FROM conversations c WHERE c.owner_id = ${actor.userId}::uuid AND NOT (c.channel = 'PHONE' AND c.lead_id IS NOT NULL)
      ORDER BY c.id FOR KEY SHARE) AS locked`;
  await tx.$executeRaw`
    INSERT INTO forgotten_messages (message_id)
    SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
    WHERE m.owner_id = ${actor.userId}::uuid AND m.role = 'USER' AND m.sent_at <= ${until}::timestamptz AND NOT (c.channel = 'PHONE' AND c.lead_id IS NOT NULL)
      AND NOT EXISTS (SELECT FROM forgotten_messages f WHERE f.message_id = m.id)
    ORDER BY m.id FOR KEY SHARE OF m
    ON CONFLICT DO NOTHING`;
}

/** Whether nothing is to be learned from a message any more. */
export async function isForgotten(tx: Pick<Tx, 'forgottenMessage'>, messageId: string): Promise<boolean> {
  return (await tx.forgottenMessage.count({ where: { messageId } })) > 0;
}

/** What is outdated of a message: the `ended` memories that were learned from it, or all of it if it `isForgotten`. */
export type Outdated = { isForgotten: boolean; ended: string[] };

/** Returns those of the messages that are forgotten, or whose memories have ended or were superseded. */
export async function findOutdatedMessages(
  { database, actor }: Deps,
  messageIds: readonly string[],
): Promise<Map<string, Outdated>> {
  const rows = await database.sql<Outdated & { id: string }>(
    `SELECT m.id, f.message_id IS NOT NULL AS "isForgotten",
       ARRAY(SELECT left(content, 2000) FROM memories WHERE source_message_id = m.id
         AND (superseded_by_id IS NOT NULL OR expires_at <= now())) AS ended
     FROM messages m LEFT JOIN forgotten_messages f ON f.message_id = m.id
     WHERE m.owner_id = $1::uuid AND m.id = ANY($2::uuid[])`,
    [actor.userId, messageIds],
  );
  return new Map(rows.filter(({ isForgotten, ended }) => isForgotten || ended.length > 0).map((row) => [row.id, row]));
}
