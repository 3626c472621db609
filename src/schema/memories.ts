import { MAX_CONTENT_FILTER_LENGTH } from '#domain/memories/filter.ts';
import { DEFAULT_IMPORTANCE, MAX_MEMORY_LENGTH, MAX_SUPERSEDED } from '#domain/memories/new-memory.ts';
import { MAX_TAG_LENGTH, MAX_TAGS } from '#domain/memories/tags.ts';
import * as resolvers from '#resolvers/memories.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { CACHED, cachedFor, NOT_CACHED } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Conversation } from './conversations.ts';
import { changedMetadata, digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';
import { Message } from './messages.ts';
import { User } from './users.ts';

const MemoryKind = builder.enumType('MemoryKind', {
  description: 'The kind of a memory.',
  values: {
    FACT: { description: 'A fact about the user.' },
    PREFERENCE: { description: 'A preference: something that the user likes, wants or avoids.' },
    EVENT: { description: 'A past or future event.' },
    SUMMARY: { description: 'A summary of a conversation.' },
    NOTE: { description: 'A note to be kept in mind.' },
  },
});

export const Memory = builder.prismaObject('Memory', {
  description: 'A piece of information about a user, remembered across conversations.',
  extensions: cachedFor({ minutes: 120 }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the memory; it never changes.',
      extensions: CACHED,
      resolve: idOf('Memory'),
    }),
    owner: t.field({
      type: User,
      description: 'The user who owns the memory.',
      extensions: CACHED,
      resolve: resolvers.owner,
    }),
    content: t.exposeString('content', { description: 'The text of the memory, one or a few sentences.' }),
    kind: t.expose('kind', { type: MemoryKind, description: 'The kind of the memory.' }),
    tags: t.exposeStringList('tags', {
      description: 'The tags of the memory, in lower case, without duplicates.',
    }),
    importance: t.exposeFloat('importance', {
      description: 'The importance of the memory relative to others, from 0 (least) to 1 (most).',
    }),
    sourceMessage: t.field({
      type: Message,
      nullable: true,
      description: 'The message that the memory was learned from; null if there is none, or it was deleted.',
      extensions: CACHED,
      resolve: resolvers.sourceMessage,
    }),
    conversation: t.field({
      type: Conversation,
      nullable: true,
      description: 'The conversation that the memory was learned from; null if there is none, or it was deleted.',
      extensions: CACHED,
      resolve: resolvers.conversation,
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'Arbitrary JSON data of the client about the memory, stored exactly as sent.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the memory was first saved.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the memory was last saved or changed.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the memory expires. An expired memory is left out of lists, searches and replies, but `node` still returns it. Null if it never expires.',
    }),
    endedReason: t.exposeString('endedReason', {
      nullable: true,
      description:
        'The statement of the user that ended the memory, such as "I do not live there any more."; null if the memory is active, or ended only by expiry.',
    }),
    lastRecalledAt: t.expose('lastRecalledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a reply last used the memory; null if none has.',
      extensions: NOT_CACHED,
    }),
  }),
});

builder.prismaObjectField(Memory, 'supersededBy', (t) =>
  t.field({
    type: Memory,
    nullable: true,
    description:
      'The memory that supersedes this one. A superseded memory is left out of lists, searches and replies until the other is deleted. Null if the memory is not superseded.',
    extensions: CACHED,
    resolve: resolvers.supersededBy,
  }),
);

const MemoryConnection = connectionType(Memory, 'Memory', 'memories');

const MemoryOrder = builder.enumType('MemoryOrder', {
  description: 'The sort order of a list of memories.',
  values: {
    CREATED_DESC: { description: 'By creation time, newest first.' },
    CREATED_ASC: { description: 'By creation time, oldest first.' },
    UPDATED_DESC: { description: 'By the time of the last change, latest first.' },
    IMPORTANCE_DESC: { description: 'By importance, greatest first.' },
  },
});

export const MemoryFilter = builder.inputType('MemoryFilter', {
  description: 'Filter for memories. All given conditions must match.',
  fields: (t) => ({
    kinds: t.field({ type: [MemoryKind], description: 'Only memories of one of these kinds.' }),
    tagsAll: t.stringList({ description: 'Only memories that have all these tags.' }),
    tagsAny: t.stringList({ description: 'Only memories that have at least one of these tags.' }),
    conversationId: t.id({ description: 'Only memories learned from the conversation with this id.' }),
    contentContains: t.string({
      description: `Only memories whose content contains this text, ignoring case and accents; up to ${MAX_CONTENT_FILTER_LENGTH} characters. An empty text is no filter.`,
    }),
    includeExpired: t.boolean({
      defaultValue: false,
      description: 'Whether to include expired and ended memories.',
    }),
    includeSuperseded: t.boolean({
      defaultValue: false,
      description: 'Whether to include superseded memories.',
    }),
  }),
});

builder.queryField('memories', (t) =>
  t.field({
    type: MemoryConnection,
    description: "The viewer's memories.",
    args: {
      filter: t.arg({
        type: MemoryFilter,
        description:
          'Only memories that match this filter. Default: all that are neither expired, ended nor superseded.',
      }),
      orderBy: t.arg({ type: MemoryOrder, defaultValue: 'CREATED_DESC', description: 'The order of the memories.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: CACHED,
    resolve: resolvers.memories,
  }),
);

const CONTENT = `The text of the memory: a sentence that is understandable without context, 1 to ${digits(MAX_MEMORY_LENGTH)} characters, not only white space.`;
const TAGS = `Tags of the memory: at most ${MAX_TAGS} tags of up to ${MAX_TAG_LENGTH} characters, stored in lower case without duplicates`;
const IMPORTANCE = 'The importance of the memory relative to others, from 0 (least) to 1 (most).';

builder.relayMutationField(
  'saveMemory',
  {
    description: 'The memory to save.',
    inputFields: (t: InputFields) => ({
      content: t.string({ required: true, description: CONTENT }),
      kind: t.field({
        type: MemoryKind,
        defaultValue: 'FACT',
        description: 'The kind of the memory.',
      }),
      tags: t.stringList({ defaultValue: [], description: `${TAGS}.` }),
      importance: t.float({ defaultValue: DEFAULT_IMPORTANCE, description: IMPORTANCE }),
      sourceMessageId: t.id({ description: 'The id of the message that the memory was learned from.' }),
      conversationId: t.id({
        description:
          'The id of the conversation that the memory was learned from. Default: the conversation of `sourceMessageId`.',
      }),
      supersedes: t.idList({
        description: `The ids of memories that this one supersedes, at most ${MAX_SUPERSEDED}.`,
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'When the memory expires; must be in the future. Default: never.',
      }),
      metadata: metadata(t, 'memory'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Saves a memory. If a memory of the same kind exists that differs only in function words, spelling, case or punctuation, it is updated instead: it takes the new content, the tags of both, the greater importance, and all other given fields. Errors: NOT_FOUND (the message, the conversation or a memory of `supersedes`), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.saveMemory,
  },
  {
    description: 'The memory that was saved.',
    outputFields: (t) => ({
      memory: t.expose('memory', { type: Memory, description: 'The memory after the change.' }),
      merged: t.exposeBoolean('merged', {
        description: 'True if an equal memory existed and was updated instead.',
      }),
      memoryEdge: payloadEdge(t, MemoryConnection.edge, 'memories', resolvers.memoryEdge),
      superseded: t.field({
        type: [Memory],
        description: 'The memories of `supersedes`, which the saved memory supersedes.',
        complexity: { field: 1, multiplier: MAX_SUPERSEDED },
        resolve: resolvers.superseded,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateMemory',
  {
    description: 'Changes to a memory; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      memoryId: t.id({ required: true, description: 'The id of the memory to change.' }),
      content: t.string({ description: CONTENT }),
      kind: t.field({ type: MemoryKind, description: 'The kind of the memory.' }),
      tags: t.stringList({ description: `${TAGS}. They replace all stored tags.` }),
      importance: t.float({ description: IMPORTANCE }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'When the memory expires. A moment in the past expires it immediately; null removes the expiry.',
      }),
      metadata: changedMetadata(t, 'memory'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: 'Changes a memory, including a superseded one. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateMemory,
  },
  {
    description: 'The memory that was changed.',
    outputFields: (t) => ({
      memory: t.expose('memory', { type: Memory, description: 'The memory after the change.' }),
      memoryEdge: payloadEdge(t, MemoryConnection.edge, 'memories', resolvers.memoryEdge),
    }),
  },
);

builder.relayMutationField(
  'restoreMemory',
  {
    description: 'The memory to make active again.',
    inputFields: (t: InputFields) => ({
      memoryId: t.id({ required: true, description: 'The id of the memory to restore.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Makes a superseded, ended or expired memory active again. The memory that superseded it remains. No effect if the memory is active. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.restoreMemory,
  },
  {
    description: 'The memory that was restored.',
    outputFields: (t) => ({
      memory: t.expose('memory', { type: Memory, description: 'The memory after the change.' }),
      memoryEdge: payloadEdge(t, MemoryConnection.edge, 'memories', resolvers.memoryEdge),
    }),
  },
);

builder.relayMutationField(
  'deleteMemory',
  {
    description: 'The memory to delete.',
    inputFields: (t: InputFields) => ({
      memoryId: t.id({ required: true, description: 'The id of the memory to delete.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes a memory. The memories that it superseded become active again. Replies no longer use the message that it was learned from, and no memories are learned from that message again. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteMemory,
  },
  {
    description: 'The memory that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the memory that was deleted.' }),
      restored: t.field({
        type: [Memory],
        description: 'The memories that the deleted one had superseded, and that are active again.',
        complexity: { field: 1, multiplier: MAX_SUPERSEDED },
        resolve: resolvers.restored,
      }),
    }),
  },
);
