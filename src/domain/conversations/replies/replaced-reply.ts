import type { Tx } from '#domain/core/transaction.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** What is known of a reply besides its text: all of it is written with the reply, or about it. */
const FACTS = Prisma.raw(
  'model, tokens_input, tokens_output, latency_ms, reasoning, citations, rating, rating_comment',
);

/** Keeps the text of a reply, and what is known of it, until it is written again. The caller is about to discard it. */
export async function keepReplaced(tx: Tx, messageId: string): Promise<void> {
  await discardReplaced(tx, messageId);
  await tx.$executeRaw`
    INSERT INTO replaced_replies (message_id, content, ${FACTS})
    SELECT id, content, ${FACTS} FROM messages WHERE id = ${messageId}::uuid AND content <> ''`;
}

/** Forgets what a reply said before: it is written again. */
export async function discardReplaced(tx: Tx, messageId: string): Promise<void> {
  await tx.replacedReply.deleteMany({ where: { messageId } });
}

/**
 * Gives a reply back what it said before it was to be written again, if there is anything, `discarded` UTF-16 units further on in its
 * stream: by `computeDiscardedOffset`, so that every reader is told.
 */
export async function restoreReplaced(tx: Tx, messageId: string, discarded: number): Promise<void> {
  await tx.$executeRaw`
    WITH replaced AS (DELETE FROM replaced_replies WHERE message_id = ${messageId}::uuid RETURNING *)
    UPDATE messages SET text_offset = text_offset + ${discarded}::int, content = replaced.content,
      (${FACTS}) = (SELECT ${FACTS} FROM replaced)
    FROM replaced WHERE messages.id = replaced.message_id`;
}
