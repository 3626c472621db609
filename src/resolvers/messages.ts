import { followMessages } from '#domain/conversations/message-feed.ts';
import * as domain from '#domain/conversations/messages.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { Message } from '#generated/prisma/client.ts';
import { conversationById } from '#loaders/conversations.ts';
import type { LeftOut } from '#loaders/large-columns.ts';
import { backlogOfConversation, messageById } from '#loaders/messages.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { rowId } from './global-ids.ts';
import { withFreshLoaders } from './subscriptions.ts';

/** Returns the conversation that a message is in. */
export const conversation = (row: Message, _args: unknown, { load }: Context) =>
  existing(load(conversationById, row.conversationId));

/** Returns the message that was stored. */
export async function addMessage(
  _root: unknown,
  { input }: { input: domain.NewMessage & { conversationId: string; idempotencyKey?: string | null | undefined } },
  { deps }: Context,
) {
  const conversationId = rowId(input.conversationId, 'Conversation', 'input.conversationId');
  return { message: await domain.addMessage(deps, { ...input, conversationId }) };
}

/** Returns the messages that were stored, in order. */
export async function addMessages(_root: unknown, { input }: { input: domain.NewMessages }, { deps }: Context) {
  const conversationId = rowId(input.conversationId, 'Conversation', 'input.conversationId');
  return { messages: await domain.addMessages(deps, { ...input, conversationId }) };
}

/** Yields the messages after a number, then each new one, in order. */
export function messageAdded(
  _root: unknown,
  { conversationId, afterSequence }: { conversationId: string; afterSequence?: number | null | undefined },
  ctx: Context,
) {
  if (afterSequence != null && afterSequence < 0)
    throw new BadUserInput('afterSequence', '`afterSequence` is 0 or more.');
  const id = rowId(conversationId, 'Conversation', 'conversationId');
  return withFreshLoaders(ctx, (load) =>
    followMessages(ctx.deps, { conversationId: id, afterSequence }, (conversationId, after) =>
      load()(backlogOfConversation, { conversationId, after }),
    ),
  );
}

/** Returns the message of an event, which is complete unless it is long. */
export const addedMessage = (row: Message & LeftOut, _args: unknown, { load }: Context) =>
  row.$bytesLeftOut ? existing(load(messageById, row.id)) : row;
