import { MAX_DELETED } from '#domain/conversations/delete-conversations.ts';
import * as resolvers from '#resolvers/conversations.ts';
import { builder } from './builder.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';

const deleteMemories = (t: InputFields, are: 'it is' | 'is one of them') =>
  t.boolean({
    defaultValue: false,
    description: `Whether the memories whose \`conversation\` ${are} are deleted, too. Memories of other conversations that these had superseded become active again.`,
  });

builder.relayMutationField(
  'deleteConversation',
  {
    description: 'The conversation to delete.',
    inputFields: (t: InputFields) => ({
      conversationId: t.id({ required: true, description: 'The id of the conversation to delete.' }),
      deleteMemories: deleteMemories(t, 'it is'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes a conversation with all its messages. A reply that is being written is stopped, and subscriptions to the conversation end. Memories that were learned from it stay, with `conversation` null, unless `deleteMemories` is true. Thousands of messages are deleted in steps, the oldest first; send the mutation again if it was interrupted. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteConversation,
  },
  {
    description: 'The conversation that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the conversation that was deleted.' }),
    }),
  },
);

/** What deleting up to a hundred conversations costs: 20 points. */
const DELETION_COST = 1_000;

builder.relayMutationField(
  'deleteConversations',
  {
    description: 'The conversations to delete.',
    inputFields: (t: InputFields) => ({
      conversationIds: t.idList({
        required: true,
        description: `The ids of the conversations, at most ${MAX_DELETED}. Those of conversations that are gone already are passed over.`,
      }),
      deleteMemories: deleteMemories(t, 'is one of them'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes many conversations, each as `deleteConversation` does, one after the other: if the request is interrupted, some may be gone, and repeating it does the rest. It costs some 20 points of the rate limit. Errors: IDEMPOTENCY_CONFLICT.',
    complexity: DELETION_COST,
    resolve: resolvers.deleteConversations,
  },
  {
    description: 'The conversations that were deleted.',
    outputFields: (t) => ({
      deletedIds: t.idList({
        description:
          "The ids of the conversations that were deleted; without those that did not exist, or are not the viewer's.",
        resolve: ({ deletedIds }: { deletedIds: string[] }) => deletedIds,
      }),
    }),
  },
);
