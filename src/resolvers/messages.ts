import { type From, followMessages, followMessageUpdates, type Reading } from '#domain/conversations/message-feed.ts';
import * as domain from '#domain/conversations/messages.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Message } from '#generated/prisma/client.ts';
import { conversationById } from '#loaders/conversations.ts';
import type { LeftOut } from '#loaders/large-columns.ts';
import { backlogOfConversation, messageById, messageOrder, updatesOfConversation } from '#loaders/messages.ts';
import { edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { rowId } from './global-ids.ts';
import { withFreshLoaders, withoutConnection } from './subscriptions.ts';

/** Returns the conversation that a message is in. */
export const conversation = (row: Message, _args: unknown, { load }: Context) =>
  existing(load(conversationById, row.conversationId));

/** Returns the message that was stored. */
export async function addMessage(
  _root: unknown,
  {
    input,
  }: {
    input: domain.NewMessage & domain.ClientId & WithIdempotencyKey & { conversationId: string };
  },
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

/** Returns the message of a payload at its position in its conversation. */
export const messageEdge = ({ message }: { message: Message }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, messageOrder, message);

/** Returns the messages of a payload at their positions in their conversation. */
export const messageEdges = ({ messages }: { messages: readonly Message[] }, _args: unknown, ctx: Context) =>
  messages.map((message) => edgeIn(ctx, messageOrder, message));

/** Yields the messages after a number, then each new one, in order. */
export function messageAdded(
  _root: unknown,
  { conversationId, afterSequence }: { conversationId: string; afterSequence?: number | null | undefined },
  ctx: Context,
) {
  const from = parseFrom(conversationId, 'afterSequence', afterSequence);
  return follow(ctx, followMessages, backlogOfConversation, from);
}

/** Yields the messages that were updated after a number, then each that is updated. */
export function messageUpdated(
  _root: unknown,
  { conversationId, afterUpdate }: { conversationId: string; afterUpdate?: number | null | undefined },
  ctx: Context,
) {
  const from = parseFrom(conversationId, 'afterUpdate', afterUpdate);
  return follow(ctx, followMessageUpdates, updatesOfConversation, from);
}

type Feed = (deps: Deps, from: From, reading: Reading) => AsyncGenerator<Message>;

function follow(ctx: Context, feed: Feed, backlog: typeof backlogOfConversation, from: From): AsyncGenerator<Message> {
  return withFreshLoaders(ctx, (load) =>
    feed(ctx.deps, from, {
      read: (conversationId, after) => load()(backlog, { conversationId, after }),
      broadcast: ctx.broadcast,
      readOn: (after) => follow(withoutConnection(ctx), feed, backlog, { ...from, after }),
    }),
  );
}

function parseFrom(conversationId: string, field: string, after: number | null | undefined) {
  if (after != null && after < 0) throw new BadUserInput(field, `\`${field}\` must be 0 or more.`);
  return { conversationId: rowId(conversationId, 'Conversation', 'conversationId'), after: after ?? null };
}

/**
 * Returns the message of an event, which is complete unless it is long. Its number stays that of the event: who resumes from a newer
 * one would miss what was updated in between.
 */
export const messageOfEvent = async (row: Message & LeftOut, _args: unknown, { load }: Context) =>
  row.$bytesLeftOut ? { ...(await existing(load(messageById, row.id))), updateNumber: row.updateNumber } : row;
