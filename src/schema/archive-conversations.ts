import {
  type ArchivedConversations,
  MAX_ARCHIVED,
  MAX_ARCHIVED_IDS,
} from '#domain/conversations/archive-conversations.ts';
import * as resolvers from '#resolvers/conversations.ts';
import { builder } from './builder.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';

builder.relayMutationField(
  'archiveConversations',
  {
    description: 'The conversations to archive, or to restore.',
    inputFields: (t: InputFields) => ({
      conversationIds: t.idList({
        description: `The ids of the conversations, at most ${digits(MAX_ARCHIVED_IDS)}. Give either this or \`lastMessageBefore\`.`,
      }),
      lastMessageBefore: t.field({
        type: 'DateTime',
        description: `Selects all conversations whose last message is older than this time, except pinned ones; a conversation without messages counts from its creation. At most ${digits(MAX_ARCHIVED)} at once, the oldest first. Give either this or \`conversationIds\`.`,
      }),
      archived: t.boolean({ defaultValue: true, description: 'True archives the conversations, false restores them.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Archives many conversations, or restores them. It works through them a few hundred at a time: if the request is interrupted, some may be archived, and repeating it does the rest. Errors: NOT_FOUND (a conversation; then none is changed), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.archiveConversations,
  },
  {
    description: 'How many conversations were archived or restored.',
    outputFields: (t) => ({
      changed: t.int({
        description: 'The number of conversations that were archived or restored.',
        resolve: ({ changed }: ArchivedConversations) => changed,
      }),
      unchanged: t.int({
        description: 'The number of conversations with these ids that were so already.',
        resolve: ({ unchanged }: ArchivedConversations) => unchanged,
      }),
      hasMore: t.boolean({
        description: `Whether more than ${digits(MAX_ARCHIVED)} conversations are as old: repeat the mutation, without an idempotency key or with another.`,
        resolve: ({ hasMore }: ArchivedConversations) => hasMore,
      }),
    }),
  },
);
