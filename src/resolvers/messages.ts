import { followMessages } from '#domain/conversations/message-feed.ts';
import * as messages from '#domain/conversations/messages.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { Message } from '#generated/prisma/client.ts';
import { conversationById } from '#loaders/conversations.ts';
import { backlogOfConversation } from '#loaders/messages.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { rowId } from './global-ids.ts';
import { withFreshLoaders } from './subscriptions.ts';

export const conversation = (row: Message, _args: unknown, { load }: Context) =>
  existing(load(conversationById, row.conversationId));

export async function addMessage(
  _root: unknown,
  { input }: { input: messages.NewMessage & { conversationId: string; idempotencyKey?: string | null | undefined } },
  { deps }: Context,
) {
  const conversationId = rowId(input.conversationId, 'Conversation', 'input.conversationId');
  return { message: await messages.addMessage(deps, { ...input, conversationId }) };
}

export async function addMessages(_root: unknown, { input }: { input: messages.NewMessages }, { deps }: Context) {
  const conversationId = rowId(input.conversationId, 'Conversation', 'input.conversationId');
  return { messages: await messages.addMessages(deps, { ...input, conversationId }) };
}

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
