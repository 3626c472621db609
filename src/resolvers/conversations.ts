import type { GraphQLResolveInfo } from 'graphql';
import * as archiving from '#domain/conversations/archive-conversations.ts';
import { checkContextLimits, fitContext } from '#domain/conversations/context-window.ts';
import * as domain from '#domain/conversations/conversations.ts';
import * as deletion from '#domain/conversations/delete-conversation.ts';
import { deleteConversations as deleteMany } from '#domain/conversations/delete-conversations.ts';
import * as imports from '#domain/conversations/import-conversation.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { globalId } from '#domain/core/global-ids.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import { checkTextFilter } from '#domain/core/validation.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import type { Channel, MessageRole } from '#generated/prisma/enums.ts';
import {
  type ConversationOrder,
  conversationById,
  conversationOrders,
  conversationsOfUser,
} from '#loaders/conversations.ts';
import { episodeById } from '#loaders/episodes.ts';
import { leadById } from '#loaders/leads.ts';
import { ListKey } from '#loaders/list.ts';
import { type MessageFilter, messageOrder, messagesOfConversation } from '#loaders/messages.ts';
import { userById } from '#loaders/users.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

/** Returns a conversation; null where it is missing or somebody else's. */
export const conversation = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(conversationById, rowId(id, 'Conversation', 'id'));

type Filter = {
  pinned?: boolean | null | undefined;
  archived?: boolean | null | undefined;
  channel?: Channel | null | undefined;
  episodeId?: string | null | undefined;
  leadId?: string | null | undefined;
  titleContains?: string | null | undefined;
  unread?: boolean | null | undefined;
};

/** Returns a page of the viewer's conversations. */
export function conversations(
  _root: unknown,
  {
    filter,
    orderBy,
    ...page
  }: PageArgs & { filter?: Filter | null | undefined; orderBy?: ConversationOrder | null | undefined },
  ctx: Context,
  info: GraphQLResolveInfo,
) {
  const conversationFilter = {
    orderBy: orderBy ?? 'LAST_MESSAGE_DESC',
    pinned: filter?.pinned ?? null,
    archived: filter?.archived ?? null,
    channel: filter?.channel ?? null,
    episodeId: optionalRowId(filter?.episodeId, 'Episode', 'filter.episodeId'),
    leadId: optionalRowId(filter?.leadId, 'Lead', 'filter.leadId'),
    unread: filter?.unread ?? null,
    titleContains: checkTextFilter('filter.titleContains', filter?.titleContains, domain.MAX_TITLE_LENGTH),
  } as const;
  return connection(
    ctx,
    conversationsOfUser,
    { parentId: ctx.deps.actor.userId, filter: conversationFilter },
    page,
    info,
  );
}

/** Returns the conversation of a payload at its position among the viewer's. */
export const conversationEdge = ({ conversation }: { conversation: Conversation }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, conversationOrders.LAST_MESSAGE_DESC, conversation);

/** Returns sums over the viewer's conversations. */
export const conversationStats = (_root: unknown, _args: unknown, { deps }: Context) => domain.conversationStats(deps);

/** Returns the user whose conversation it is. */
export const owner = (row: Conversation, _args: unknown, { load }: Context) =>
  existing(load(userById, row.ownerId as string));

/** Returns the episode that a conversation is about; null where it is about none. */
export const episode = (row: Conversation, _args: unknown, { load }: Context) =>
  row.episodeId ? load(episodeById, row.episodeId) : null;

/** Returns the lead that a conversation is with; null where it is with none. */
export const lead = (row: Conversation, _args: unknown, { load }: Context) =>
  row.leadId ? load(leadById, row.leadId) : null;

/** Returns how many messages a conversation has: as many as were numbered, without those that were discarded. */
export const messageCount = ({ lastSequence, discardedNumbers }: Conversation) => lastSequence - discardedNumbers;

type MessagePageArgs = PageArgs & {
  roles?: MessageRole[] | null | undefined;
  afterSequence?: number | null | undefined;
  beforeSequence?: number | null | undefined;
};

/** Returns a page of a conversation's messages, in order of `sequence`. */
export const messages = (row: Conversation, args: MessagePageArgs, ctx: Context, info: GraphQLResolveInfo) => {
  const roles = args.roles ?? null;
  const count = roles ? undefined : () => messageCount(row);
  const page = {
    ...args,
    after: cursorOf(ctx, 'after', args.after, args.afterSequence),
    before: cursorOf(ctx, 'before', args.before, args.beforeSequence),
  };
  return connection(ctx, messagesOfConversation, { parentId: row.id, filter: { roles }, count }, page, info);
};

/** Returns the cursor of one end of a page of messages, which may also be given by a number. Throws BadUserInput if both are given. */
function cursorOf(
  { deps }: Context,
  end: 'after' | 'before',
  cursor: string | null | undefined,
  sequence: number | null | undefined,
): string | null | undefined {
  if (sequence == null) return cursor;
  const isBeforeFirst = end === 'after' && sequence < 1;
  if (cursor == null) return isBeforeFirst ? null : deps.cursors.write(messageOrder.name, [sequence]);
  throw new BadUserInput(`${end}Sequence`, `Give \`${end}\` or \`${end}Sequence\`, not both.`);
}

/** Returns the names of the models that a conversation may choose. */
export const models = (_root: unknown, _args: unknown, { deps }: Context) => deps.model?.names ?? [];

/** Returns a conversation's newest message; null where it has none. */
export async function lastMessage(row: Conversation, _args: unknown, ctx: Context) {
  return (await newest(ctx, row, { roles: null }, 1)).at(-1) ?? null;
}

/** Returns the newest messages that fit into the limits, oldest first. */
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

function newest({ load }: Context, row: Conversation, filter: MessageFilter, limit: number) {
  const page = { limit, backward: true, after: null, before: null };
  return load(messagesOfConversation.rows, new ListKey(row.id, filter, page));
}

type Input<T> = { input: T };

/** Returns the new conversation. */
export async function createConversation(_root: unknown, { input }: Input<domain.NewConversation>, { deps }: Context) {
  const episodeId = optionalRowId(input.episodeId, 'Episode', 'input.episodeId');
  const leadId = optionalRowId(input.leadId, 'Lead', 'input.leadId');
  return { conversation: await domain.createConversation(deps, { ...input, episodeId, leadId }) };
}

/** Returns the conversation as the change left it. */
export async function updateConversation(
  _root: unknown,
  { input }: Input<domain.ConversationChange>,
  { deps }: Context,
) {
  const conversationId = rowId(input.conversationId, 'Conversation', 'input.conversationId');
  return { conversation: await domain.updateConversation(deps, { ...input, conversationId }) };
}

type ConversationToDelete = WithIdempotencyKey & {
  conversationId: string;
  deleteMemories?: boolean | null | undefined;
};

/** Returns the id of the conversation that is gone. */
export async function deleteConversation(_root: unknown, { input }: Input<ConversationToDelete>, { deps }: Context) {
  const conversationId = rowId(input.conversationId, 'Conversation', 'input.conversationId');
  await deletion.deleteConversation(deps, { ...input, conversationId, deleteMemories: input.deleteMemories ?? false });
  return { deletedId: input.conversationId };
}

type ConversationsToDelete = WithIdempotencyKey & {
  conversationIds: string[];
  deleteMemories?: boolean | null | undefined;
};

/** Returns the ids of the conversations that are gone. */
export async function deleteConversations(_root: unknown, { input }: Input<ConversationsToDelete>, { deps }: Context) {
  const conversationIds = rowIds(input.conversationIds);
  const deleted = await deleteMany(deps, { ...input, conversationIds, deleteMemories: input.deleteMemories ?? false });
  return { deletedIds: deleted.map((id) => globalId('Conversation', id)) };
}

const rowIds = (ids: readonly string[]) =>
  ids.map((id, index) => rowId(id, 'Conversation', `input.conversationIds.${index}`));

type ToArchive = WithIdempotencyKey & {
  conversationIds?: string[] | null | undefined;
  lastMessageBefore?: Date | null | undefined;
  archived?: boolean | null | undefined;
};

/** Returns how many conversations were archived or restored. */
export const archiveConversations = (_root: unknown, { input }: Input<ToArchive>, { deps }: Context) =>
  archiving.archiveConversations(deps, {
    ...input,
    conversationIds: input.conversationIds ? rowIds(input.conversationIds) : null,
    lastMessageBefore: input.lastMessageBefore ?? null,
    archived: input.archived ?? true,
  });

/** Returns the conversation that the history became, and what was passed over. */
export async function importConversation(
  _root: unknown,
  { input }: Input<imports.ConversationImport>,
  { deps }: Context,
) {
  return imports.importConversation(deps, input);
}
