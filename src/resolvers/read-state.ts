import * as domain from '#domain/conversations/read-state.ts';
import type { Conversation } from '#generated/prisma/client.ts';
import { unreadCountOfConversation } from '#loaders/conversations.ts';
import type { Context } from './context.ts';
import { rowId } from './global-ids.ts';

/** Returns how many messages of a conversation wait to be read. */
export const unreadCount = (
  { id, lastSequence, lastReadSequence: after }: Conversation,
  _args: unknown,
  { load }: Context,
) => (after >= lastSequence ? 0 : load(unreadCountOfConversation, { conversationId: id, after }));

/** Returns the conversation with the position up to which it is read. */
export async function markConversationRead(
  _root: unknown,
  { input }: { input: domain.ReadPosition },
  { deps }: Context,
) {
  const conversationId = rowId(input.conversationId, 'Conversation', 'input.conversationId');
  return { conversation: await domain.markConversationRead(deps, { ...input, conversationId }) };
}

/** Returns the conversation with the position up to which it is read. */
export async function markConversationUnread(
  _root: unknown,
  { input }: { input: domain.UnreadPosition },
  { deps }: Context,
) {
  const conversationId = rowId(input.conversationId, 'Conversation', 'input.conversationId');
  return { conversation: await domain.markConversationUnread(deps, { ...input, conversationId }) };
}
