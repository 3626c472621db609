import * as resolvers from '#resolvers/memories.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { connectionType } from './connection.ts';
import { Conversation } from './conversations.ts';
import { Message } from './messages.ts';
import { User } from './users.ts';

const MemoryKind = builder.enumType('MemoryKind', {
  description: 'What sort of thing is remembered.',
  values: {
    FACT: { description: 'Something that is so.' },
    PREFERENCE: { description: 'Something that is liked, wanted or avoided.' },
    EVENT: { description: 'Something that happens, or happened, at some time.' },
    SUMMARY: { description: 'What a conversation came to.' },
    NOTE: { description: 'Something to be kept in mind.' },
  },
});

export const Memory = builder.prismaObject('Memory', {
  description: 'Something worth recalling about a user.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same for ever.', resolve: idOf('Memory') }),
    owner: t.field({ type: User, description: 'Whose it is.', resolve: resolvers.owner }),
    content: t.exposeString('content', { description: 'What is remembered.' }),
    kind: t.expose('kind', { type: MemoryKind, description: 'What sort of thing it is.' }),
    tags: t.exposeStringList('tags', { description: 'In lower case, without doubles.' }),
    importance: t.exposeFloat('importance', { description: '0 to 1.' }),
    sourceMessage: t.field({
      type: Message,
      nullable: true,
      description: 'The message it was learned from; null once that is deleted.',
      resolve: resolvers.sourceMessage,
    }),
    conversation: t.field({
      type: Conversation,
      nullable: true,
      description: 'The conversation it was learned in; null once that is deleted.',
      resolve: resolvers.conversation,
    }),
    metadata: t.expose('metadata', { type: 'JSON', nullable: true, description: 'Your own; kept exactly as sent.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first saved.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last saved or changed.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it is in no list and found by no search; its id still answers.',
    }),
    lastRecalledAt: t.expose('lastRecalledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a reply last drew on it.',
    }),
  }),
});

builder.prismaObjectField(Memory, 'supersededBy', (t) =>
  t.field({
    type: Memory,
    nullable: true,
    description: 'What has taken its place. Until that one is deleted, this is in no list and found by no search.',
    resolve: resolvers.supersededBy,
  }),
);

const MemoryConnection = connectionType(Memory, 'Memory', 'memories');

export const MemoryFilter = builder.inputType('MemoryFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({
    kinds: t.field({ type: [MemoryKind], description: 'Only these kinds.' }),
    tagsAll: t.stringList({ description: 'Only those that have all these tags.' }),
    tagsAny: t.stringList({ description: 'Only those that have one of these tags at least.' }),
    conversationId: t.id({ description: 'Only those that were learned in this conversation.' }),
    includeExpired: t.boolean({ defaultValue: false, description: 'Expired ones too.' }),
    includeSuperseded: t.boolean({ defaultValue: false, description: 'Superseded ones too.' }),
  }),
});

builder.queryField('memories', (t) =>
  t.field({
    type: MemoryConnection,
    description: "The viewer's memories, newest first.",
    args: { filter: t.arg({ type: MemoryFilter, description: 'Which.' }), ...t.arg.connectionArgs() },
    complexity: pageCost,
    resolve: resolvers.memoryList,
  }),
);

const SaveMemoryInput = builder.inputType('SaveMemoryInput', {
  description: 'What is worth recalling.',
  fields: (t) => ({
    content: t.string({
      required: true,
      description: 'A sentence that stands on its own; up to 10,000 characters.',
    }),
    kind: t.field({ type: MemoryKind, defaultValue: 'FACT', description: 'What sort of thing it is.' }),
    tags: t.stringList({
      defaultValue: [],
      description: 'At most 20 of 50 characters; kept in lower case, without doubles.',
    }),
    importance: t.float({ defaultValue: 0.5, description: '0 to 1.' }),
    sourceMessageId: t.id({ description: 'The message it was learned from.' }),
    conversationId: t.id({
      description: 'The conversation it was learned in; that of `sourceMessageId`, where it is left out.',
    }),
    supersedes: t.idList({ description: 'Memories whose place it takes; at most 20.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'From when on it is forgotten: in the future.' }),
    metadata: t.field({ type: 'JSON', description: 'Your own; kept exactly as sent.' }),
    idempotencyKey: t.string({
      description: 'The same key with the same input gives the first answer again, for at least 24 hours.',
    }),
  }),
});
const UpdateMemoryInput = builder.inputType('UpdateMemoryInput', {
  description: 'What changes; what is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The memory.' }),
    content: t.string({ description: 'Up to 10,000 characters.' }),
    kind: t.field({ type: MemoryKind, description: 'What sort of thing it is.' }),
    tags: t.stringList({ description: 'Replace what was there.' }),
    importance: t.float({ description: '0 to 1.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'A moment that has passed hides it at once; null clears it.' }),
    metadata: t.field({ type: 'JSON', description: 'Replaces what was there; null clears it.' }),
  }),
});
const DeleteMemoryInput = builder.inputType('DeleteMemoryInput', {
  description: 'What is deleted.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The memory.' }) }),
});

const SaveMemoryPayload = builder.simpleObject('SaveMemoryPayload', {
  description: 'The memory as it is now.',
  fields: (t) => ({
    memory: t.field({ type: Memory, description: 'The memory.' }),
    merged: t.boolean({ description: 'True where an equal memory was already there and was refreshed instead.' }),
  }),
});
const UpdateMemoryPayload = builder.simpleObject('UpdateMemoryPayload', {
  description: 'The memory that was changed.',
  fields: (t) => ({ memory: t.field({ type: Memory, description: 'As it is now.' }) }),
});
const DeleteMemoryPayload = builder.simpleObject('DeleteMemoryPayload', {
  description: 'The memory is gone.',
  fields: (t) => ({ deletedId: t.id({ description: 'The id that was.' }) }),
});

builder.mutationFields((t) => ({
  saveMemory: t.field({
    type: SaveMemoryPayload,
    nullable: true,
    description:
      'Saves a memory. Where an equal or nearly equal one of the same kind is there, that one is refreshed: it takes the new wording, the tags of both, the greater importance, and whatever else is given.',
    args: { input: t.arg({ type: SaveMemoryInput, required: true, description: 'The memory.' }) },
    resolve: resolvers.saveMemory,
  }),
  updateMemory: t.field({
    type: UpdateMemoryPayload,
    nullable: true,
    description: 'Changes what is given of a memory, superseded or not.',
    args: { input: t.arg({ type: UpdateMemoryInput, required: true, description: 'What changes.' }) },
    resolve: resolvers.updateMemory,
  }),
  deleteMemory: t.field({
    type: DeleteMemoryPayload,
    nullable: true,
    description: 'Deletes a memory. Those that it had superseded hold again.',
    args: { input: t.arg({ type: DeleteMemoryInput, required: true, description: 'Which.' }) },
    resolve: resolvers.deleteMemory,
  }),
}));
