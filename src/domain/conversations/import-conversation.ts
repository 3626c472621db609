import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { isRequestDone, type WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { writeMetadata } from '#domain/core/json-columns.ts';
import { type ImportTarget, MAX_IMPORT_MINUTES, removeUnseen, SlicedImport } from '#domain/core/sliced-import.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import type { Channel } from '#generated/prisma/enums.ts';
import { conversationColumns, findOwnConversation } from './conversations.ts';
import { fillTimes } from './import/fill-times.ts';
import { encodeMessages, insertMessages } from './import/message-rows.ts';
import { type HistoryTurn, readHistory } from './import/read-history.ts';
import { type Omission, Omissions } from './import/source/omissions.ts';

/** A conversation from elsewhere. */
export type ConversationImport = WithIdempotencyKey & {
  title?: string | null | undefined;
  channel?: Channel | null | undefined;
  history: readonly HistoryTurn[];
  metadata?: unknown;
};

/** The conversation that a history became, and what of the history is not in it. */
export type ImportedConversation = { conversation: Conversation; passedOver: Omission[] };

/** Conversations, which nobody sees while they have no owner. */
export const CONVERSATIONS: ImportTarget = {
  table: 'conversations',
  owner: 'owner_id',
  rows: 'messages',
  parent: 'conversation_id',
};

/**
 * Creates a conversation from a history from elsewhere, in its order, all or nothing. A long one is written a few messages
 * at a time, so that nobody has to wait for it, and nobody sees it before it is there. Safe to repeat with the same
 * idempotency key. Throws BadUserInput (with the turn's path), IdempotencyConflict, Unavailable.
 */
export async function importConversation(
  deps: Deps,
  { idempotencyKey, ...input }: ConversationImport,
): Promise<ImportedConversation> {
  const omissions = new Omissions();
  const messages = [...fillTimes(readHistory(input.history, omissions.omit), deps.now().toISOString())];
  const id = uuidv7();
  const { firstAt, lastAt } = rangeOf(messages);
  const read = { lastSequence: messages.length, lastReadSequence: messages.length };
  const head = { id, ...conversationColumns(input), ...read, lastActivityAt: lastAt };
  const rows = new SlicedImport({
    slices: encodeMessages(messages, id),
    async begin(db) {
      await db.conversation.create({ data: head });
      await writeMetadata(db, 'conversations', id, input.metadata ?? undefined);
    },
    insert: (db, slice) => insertMessages(db, deps.actor.userId, slice),
  });
  try {
    if (rows.isLong && !(await isRequestDone(deps.database.prisma, deps.actor, idempotencyKey)))
      await rows.writeAhead(deps.database);
    const conversation = await writeAndLoad(deps, {
      action: 'conversation.import',
      once: { key: idempotencyKey, input },
      async run({ tx, about, changed }) {
        await rows.finish(tx, () => giveToOwner(tx, deps.actor.userId, { id, firstAt }));
        about({ type: 'Conversation', id }, { messages: messages.length });
        changed({ ownerId: deps.actor.userId, type: 'CONVERSATION', id });
        return id;
      },
      what: 'conversation',
      load: (imported, tx) => findOwnConversation(tx, deps, imported),
    });
    return { conversation, passedOver: omissions.list() };
  } finally {
    if (rows.isLong) await cleanUp(deps, id);
  }
}

/** Removes what an import that failed, or was a repetition, has written. Where that fails, maintenance does it later. */
async function cleanUp({ database, log }: Deps, conversationId: string): Promise<void> {
  await removeUnseen(database, CONVERSATIONS, [conversationId]).catch((error: unknown) =>
    log.warn({ err: error }, 'cannot remove a conversation that nobody sees'),
  );
}

/** Returns the times of the earliest and of the latest message. */
function rangeOf(messages: readonly { sentAt: string }[]): { firstAt: Date; lastAt: Date } {
  const times = messages.map(({ sentAt }) => sentAt).sort();
  return { firstAt: new Date(times[0] as string), lastAt: new Date(times.at(-1) as string) };
}

type Begun = { id: string; firstAt: Date };

/**
 * Makes a conversation somebody's, unless the import has taken too long; returns how many it has made so. From then on it counts as
 * created at the time of its earliest message, or now if that is in the future.
 */
function giveToOwner(tx: Tx, ownerId: string, { id, firstAt }: Begun): Promise<number> {
  return tx.$executeRaw`UPDATE conversations SET owner_id = ${ownerId}::uuid, updated_at = now(),
    created_at = least(${firstAt}::timestamptz, now())
    WHERE id = ${id}::uuid AND created_at > now() - ${MAX_IMPORT_MINUTES} * interval '1 minute'`;
}
