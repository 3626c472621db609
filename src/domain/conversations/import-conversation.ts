import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { checkText } from '#domain/core/validation.ts';
import { write } from '#domain/core/write.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import type { Channel, MessageRole } from '#generated/prisma/enums.ts';
import { conversationColumns } from './conversations.ts';
import { MAX_CONTENT } from './messages.ts';

/** Either { role, content }, or the older pair { user, agent }, which is one or two messages. */
export type HistoryTurn = {
  role?: MessageRole | null | undefined;
  content?: string | null | undefined;
  user?: string | null | undefined;
  agent?: string | null | undefined;
  sentAt?: Date | null | undefined;
};

export type ConversationImport = {
  title?: string | null | undefined;
  channel?: Channel | null | undefined;
  history: readonly HistoryTurn[];
  metadata?: unknown;
  idempotencyKey?: string | null | undefined;
};

const MAX_TURNS = 10_000;

type Said = { role: MessageRole; content: string; sentAt: Date | null };

/**
 * Makes a conversation out of a history from elsewhere, in its order, all or nothing. Safe to repeat with the same
 * idempotency key. Throws BadUserInput (with the turn's path), IdempotencyConflict.
 */
export async function importConversation(
  deps: Deps,
  { idempotencyKey, ...input }: ConversationImport,
): Promise<Conversation> {
  const said = messagesOf(input.history);
  const id = await write(deps, {
    action: 'conversation.import',
    once: { key: idempotencyKey, input },
    async run({ tx, about }) {
      const now = deps.now();
      const conversationId = uuidv7();
      const lastActivityAt = new Date(Math.max(...said.map(({ sentAt }) => (sentAt ?? now).getTime())));
      const head = { id: conversationId, ownerId: deps.actor.userId, lastSequence: said.length, lastActivityAt };
      await tx.conversation.create({ data: { ...head, ...conversationColumns(input) } });
      await tx.message.createMany({
        data: said.map(({ sentAt, ...message }, index) => ({
          id: uuidv7(),
          conversationId,
          ownerId: deps.actor.userId,
          sequence: index + 1,
          ...message,
          sentAt: sentAt ?? now,
        })),
      });
      about({ type: 'Conversation', id: conversationId }, { messages: said.length });
      return conversationId;
    },
  });
  const row = await deps.database.prisma.conversation.findFirst({ where: { id, ownerId: deps.actor.userId } });
  if (!row) throw new NotFound('conversation');
  return row;
}

function messagesOf(history: readonly HistoryTurn[]): Said[] {
  if (history.length < 1 || history.length > MAX_TURNS) {
    throw new BadUserInput('input.history', `Give 1 to ${MAX_TURNS} turns.`);
  }
  return history.flatMap((turn, index) => messagesOfTurn(turn, `input.history.${index}`));
}

function messagesOfTurn(turn: HistoryTurn, field: string): Said[] {
  const sentAt = turn.sentAt ?? null;
  const isPair = turn.user != null || turn.agent != null;
  const isMessage = turn.role != null || turn.content != null;
  if (isPair === isMessage || (isMessage && (turn.role == null || turn.content == null))) {
    throw new BadUserInput(
      field,
      'A turn is either { role, content } or { user, agent } with at least one of the two.',
    );
  }
  const say = (role: MessageRole, name: 'content' | 'user' | 'agent'): Said[] => {
    const content = turn[name];
    return content == null
      ? []
      : [{ role, content: checkText(`${field}.${name}`, content, { max: MAX_CONTENT }), sentAt }];
  };
  return turn.role != null ? say(turn.role, 'content') : [...say('USER', 'user'), ...say('ASSISTANT', 'agent')];
}
