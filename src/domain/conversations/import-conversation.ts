import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { isKeyTaken } from '#domain/core/idempotency.ts';
import { sliceByBytes } from '#domain/core/row-slices.ts';
import { type ImportTarget, MAX_IMPORT_MINUTES, removeUnseen, SlicedImport } from '#domain/core/sliced-import.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkText } from '#domain/core/validation.ts';
import { writeOnce } from '#domain/core/write.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import type { Channel, MessageRole } from '#generated/prisma/enums.ts';
import { conversationColumns, findOwnConversation } from './conversations.ts';
import { MAX_CONTENT } from './messages.ts';

/** One turn of a history: either { role, content }, or the older pair { user, agent }, which is one or two messages. */
export type HistoryTurn = {
  role?: MessageRole | null | undefined;
  content?: string | null | undefined;
  user?: string | null | undefined;
  agent?: string | null | undefined;
  sentAt?: Date | null | undefined;
};

/** A conversation from elsewhere. */
export type ConversationImport = {
  title?: string | null | undefined;
  channel?: Channel | null | undefined;
  history: readonly HistoryTurn[];
  metadata?: unknown;
  idempotencyKey?: string | null | undefined;
};

/** Turns of one history. */
export const MAX_TURNS = 10_000;

type Turn = { role: MessageRole; content: string; sentAt: Date | null };
type ImportedMessage = Turn & { sequence: number };

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
): Promise<Conversation> {
  const messages = toMessages(input.history);
  const id = uuidv7();
  const now = deps.now();
  const head = { id, ...conversationColumns(input), ...toHeadColumns(messages, now) };
  const rows = new SlicedImport({
    slices: sliceByBytes(messages, ({ content }) => ROW_BYTES + Buffer.byteLength(content)),
    begin: (db) => db.conversation.create({ data: head }),
    insert: (db, slice) => insertMessages(db, { conversationId: id, ownerId: deps.actor.userId, now }, slice),
  });
  try {
    if (rows.isLong && !(await isKeyTaken(deps.database.prisma, deps.actor, idempotencyKey)))
      await rows.writeAhead(deps.database);
    return await writeOnce(deps, {
      action: 'conversation.import',
      once: { key: idempotencyKey, input },
      async run({ tx, about }) {
        await rows.finish(tx, () => giveToOwner(tx, { conversationId: id, ownerId: deps.actor.userId }));
        about({ type: 'Conversation', id }, { messages: messages.length });
        return id;
      },
      what: 'conversation',
      load: (imported) => findOwnConversation(deps.database.prisma, deps, imported),
    });
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

function toHeadColumns(messages: readonly ImportedMessage[], now: Date) {
  const times = messages.map(({ sentAt }) => (sentAt ?? now).getTime());
  return { lastSequence: messages.length, lastActivityAt: new Date(Math.max(...times)) };
}

/** What a message takes beside its text: an id, a number, a role and a time. */
const ROW_BYTES = 100;

type Place = { conversationId: string; ownerId: string };

function insertMessages(
  tx: Tx,
  { conversationId, ownerId, now }: Place & { now: Date },
  messages: readonly ImportedMessage[],
): Promise<number> {
  const rows = messages.map(({ sentAt, ...message }) => ({ id: uuidv7(), ...message, sent_at: sentAt ?? now }));
  return tx.$executeRaw`
    INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content, sent_at)
    SELECT id, ${conversationId}::uuid, ${ownerId}::uuid, sequence, role, content, sent_at
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS m(id uuid, sequence int, role message_role, content text, sent_at timestamptz)`;
}

/** Makes a conversation somebody's, unless the import has taken too long; returns how many it has made so. */
function giveToOwner(tx: Tx, { conversationId, ownerId }: Place): Promise<number> {
  return tx.$executeRaw`UPDATE conversations SET owner_id = ${ownerId}::uuid, created_at = now(), updated_at = now()
    WHERE id = ${conversationId}::uuid AND created_at > now() - ${MAX_IMPORT_MINUTES} * interval '1 minute'`;
}

function toMessages(history: readonly HistoryTurn[]): ImportedMessage[] {
  if (history.length < 1 || history.length > MAX_TURNS) {
    throw new BadUserInput('input.history', `Give 1 to ${MAX_TURNS} turns.`);
  }
  const turns = history.flatMap((turn, index) => splitTurn(turn, `input.history.${index}`));
  return turns.map((message, index) => ({ sequence: index + 1, ...message }));
}

/** Throws BadUserInput. */
function splitTurn(turn: HistoryTurn, field: string): Turn[] {
  const sentAt = turn.sentAt ?? null;
  const isPair = turn.user != null || turn.agent != null;
  const isMessage = turn.role != null || turn.content != null;
  if (isPair === isMessage || (isMessage && (turn.role == null || turn.content == null))) {
    throw new BadUserInput(
      field,
      'A turn is either { role, content } or { user, agent } with at least one of the two.',
    );
  }
  const toImported = (role: MessageRole, name: 'content' | 'user' | 'agent'): Turn[] => {
    const content = turn[name];
    return content == null
      ? []
      : [{ role, content: checkText(`${field}.${name}`, content, { max: MAX_CONTENT }), sentAt }];
  };
  return turn.role != null
    ? toImported(turn.role, 'content')
    : [...toImported('USER', 'user'), ...toImported('ASSISTANT', 'agent')];
}
