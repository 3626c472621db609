import { checkContextLimits, fitContext } from '#domain/conversations/context-window.ts';
import * as conversations from '#domain/conversations/conversations.ts';
import * as imports from '#domain/conversations/import-conversation.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import type { Channel, MessageRole } from '#generated/prisma/enums.ts';
import { type ConversationOrder, conversationById, conversationsOfUser } from '#loaders/conversations.ts';
import { episodeById } from '#loaders/episodes.ts';
import { type MessageFilter, messagesOfConversation } from '#loaders/messages.ts';
import { userById } from '#loaders/users.ts';
import { connection } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

export const conversation = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(conversationById, rowId(id, 'Conversation', 'id'));

type Filter = {
  pinned?: boolean | null | undefined;
  archived?: boolean | null | undefined;
  channel?: Channel | null | undefined;
  episodeId?: string | null | undefined;
  titleContains?: string | null | undefined;
};

export function conversationList(
  _root: unknown,
  {
    filter,
    orderBy,
    ...page
  }: PageArgs & { filter?: Filter | null | undefined; orderBy?: ConversationOrder | null | undefined },
  ctx: Context,
) {
  const asked = {
    orderBy: orderBy ?? 'LAST_MESSAGE_DESC',
    pinned: filter?.pinned ?? null,
    archived: filter?.archived ?? null,
    channel: filter?.channel ?? null,
    episodeId: optionalRowId(filter?.episodeId, 'Episode', 'filter.episodeId'),
    titleContains: filter?.titleContains ?? null,
  } as const;
  return connection(ctx, conversationsOfUser, { parentId: ctx.deps.actor.userId, filter: asked }, page);
}

export const conversationStats = (_root: unknown, _args: unknown, { deps }: Context) =>
  conversations.conversationStats(deps);

export const owner = (row: Conversation, _args: unknown, { load }: Context) => existing(load(userById, row.ownerId));
export const episode = (row: Conversation, _args: unknown, { load }: Context) =>
  row.episodeId ? load(episodeById, row.episodeId) : null;

export const messages = (
  row: Conversation,
  { roles, ...page }: PageArgs & { roles?: MessageRole[] | null | undefined },
  ctx: Context,
) =>
  connection(
    ctx,
    messagesOfConversation,
    {
      parentId: row.id,
      filter: { roles: roles ?? null },
      // The number of the newest message is how many there are.
      ...(roles ? {} : { count: async () => row.lastSequence }),
    },
    page,
  );

export async function lastMessage(row: Conversation, _args: unknown, ctx: Context) {
  return (await newest(ctx, row, { roles: null }, 1)).at(-1) ?? null;
}

export async function context(
  row: Conversation,
  { maxMessages, maxTokens }: { maxMessages?: number | null | undefined; maxTokens?: number | null | undefined },
  ctx: Context,
) {
  const limits = { maxMessages: maxMessages ?? DEFAULT_CONTEXT_MESSAGES, maxTokens: maxTokens ?? null };
  checkContextLimits(limits);
  return fitContext(await newest(ctx, row, { roles: null, finishedOnly: true }, limits.maxMessages), limits.maxTokens);
}
export const DEFAULT_CONTEXT_MESSAGES = 6;

async function newest({ load }: Context, row: Conversation, filter: MessageFilter, limit: number) {
  const page = { limit, backward: true, after: null, before: null };
  const rows = await load(messagesOfConversation.rows, { parentId: row.id, filter, page });
  return limit === 0 ? [] : rows.slice(-limit);
}

type Input<T> = { input: T };

export async function createConversation(
  _root: unknown,
  { input: { episodeId, ...input } }: Input<conversations.NewConversation>,
  { deps }: Context,
) {
  const id = optionalRowId(episodeId, 'Episode', 'input.episodeId');
  return { conversation: await conversations.createConversation(deps, { ...input, episodeId: id }) };
}

export async function updateConversation(
  _root: unknown,
  { input: { id, ...input } }: Input<Omit<conversations.ConversationChange, 'conversationId'> & { id: string }>,
  { deps }: Context,
) {
  return {
    conversation: await conversations.updateConversation(deps, { ...input, conversationId: rowId(id, 'Conversation') }),
  };
}

export async function deleteConversation(_root: unknown, { input: { id } }: Input<{ id: string }>, { deps }: Context) {
  await conversations.deleteConversation(deps, { conversationId: rowId(id, 'Conversation') });
  return { deletedId: id };
}

export async function importConversation(
  _root: unknown,
  { input }: Input<imports.ConversationImport>,
  { deps }: Context,
) {
  return { conversation: await imports.importConversation(deps, input) };
}
