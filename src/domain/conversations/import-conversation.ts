import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
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

type ImportedMessage = { role: MessageRole; content: string; sentAt: Date | null };

/**
 * Creates a conversation from a history from elsewhere, in its order, all or nothing. Safe to repeat with the same
 * idempotency key. Throws BadUserInput (with the turn's path), IdempotencyConflict.
 */
export async function importConversation(
  deps: Deps,
  { idempotencyKey, ...input }: ConversationImport,
): Promise<Conversation> {
  const messages = toMessages(input.history);
  return writeOnce(deps, {
    action: 'conversation.import',
    once: { key: idempotencyKey, input },
    async run({ tx, about }) {
      const now = deps.now();
      const conversationId = uuidv7();
      const lastActivityAt = new Date(Math.max(...messages.map(({ sentAt }) => (sentAt ?? now).getTime())));
      const head = { id: conversationId, ownerId: deps.actor.userId, lastSequence: messages.length, lastActivityAt };
      await tx.conversation.create({ data: { ...head, ...conversationColumns(input) } });
      await tx.message.createMany({
        data: messages.map(({ sentAt, ...message }, index) => ({
          id: uuidv7(),
          conversationId,
          ownerId: deps.actor.userId,
          sequence: index + 1,
          ...message,
          sentAt: sentAt ?? now,
        })),
      });
      about({ type: 'Conversation', id: conversationId }, { messages: messages.length });
      return conversationId;
    },
    what: 'conversation',
    load: (id) => findOwnConversation(deps.database.prisma, deps, id),
  });
}

function toMessages(history: readonly HistoryTurn[]): ImportedMessage[] {
  if (history.length < 1 || history.length > MAX_TURNS) {
    throw new BadUserInput('input.history', `Give 1 to ${MAX_TURNS} turns.`);
  }
  return history.flatMap((turn, index) => splitTurn(turn, `input.history.${index}`));
}

/** Throws BadUserInput. */
function splitTurn(turn: HistoryTurn, field: string): ImportedMessage[] {
  const sentAt = turn.sentAt ?? null;
  const isPair = turn.user != null || turn.agent != null;
  const isMessage = turn.role != null || turn.content != null;
  if (isPair === isMessage || (isMessage && (turn.role == null || turn.content == null))) {
    throw new BadUserInput(
      field,
      'A turn is either { role, content } or { user, agent } with at least one of the two.',
    );
  }
  const toImported = (role: MessageRole, name: 'content' | 'user' | 'agent'): ImportedMessage[] => {
    const content = turn[name];
    return content == null
      ? []
      : [{ role, content: checkText(`${field}.${name}`, content, { max: MAX_CONTENT }), sentAt }];
  };
  return turn.role != null
    ? toImported(turn.role, 'content')
    : [...toImported('USER', 'user'), ...toImported('ASSISTANT', 'agent')];
}
