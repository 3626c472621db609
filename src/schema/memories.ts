import { MAX_CONTENT_FILTER_LENGTH } from '#domain/memories/filter.ts';
import { DEFAULT_IMPORTANCE, MAX_MEMORY_LENGTH, MAX_SUPERSEDED } from '#domain/memories/new-memory.ts';
import { MAX_TAG_LENGTH, MAX_TAGS } from '#domain/memories/tags.ts';
import * as resolvers from '#resolvers/memories.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { KEPT, keptFor, NOT_KEPT } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Conversation } from './conversations.ts';
import { changedMetadata, digits, type InputFields, idempotencyKey, metadata } from './inputs.ts';
import { Message } from './messages.ts';
import { User } from './users.ts';

const MemoryKind = builder.enumType('MemoryKind', {
  description: 'What sort of thing a memory is about.',
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
  extensions: keptFor({ minutes: 120 }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the memory; it never changes.', extensions: KEPT, resolve: idOf('Memory') }),
    owner: t.field({
      type: User,
      description: 'The user whose memory it is.',
      extensions: KEPT,
      resolve: resolvers.owner,
    }),
    content: t.exposeString('content', { description: 'What is remembered, a sentence or a few.' }),
    kind: t.expose('kind', { type: MemoryKind, description: 'What sort of thing the memory is about.' }),
    tags: t.exposeStringList('tags', {
      description: 'Words to find the memory by, in lower case, none of them twice.',
    }),
    importance: t.exposeFloat('importance', {
      description: 'How much the memory matters beside others, from 0 (least) to 1 (most).',
    }),
    sourceMessage: t.field({
      type: Message,
      nullable: true,
      description: 'The message that the memory was learned from; null where there is none, or the message is gone.',
      extensions: KEPT,
      resolve: resolvers.sourceMessage,
    }),
    conversation: t.field({
      type: Conversation,
      nullable: true,
      description:
        'The conversation that the memory was learned in; null where there is none, or the conversation is gone.',
      extensions: KEPT,
      resolve: resolvers.conversation,
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'Data of the client about the memory, kept exactly as sent.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the memory was first saved.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the memory was last saved or changed.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'From when on no list has the memory and no search finds it, though `node` still does; null for never.',
    }),
    endedReason: t.exposeString('endedReason', {
      nullable: true,
      description:
        'What the user said by which the memory ended, as "I do not live there any more."; null where it only expired, or still holds.',
    }),
    lastRecalledAt: t.expose('lastRecalledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a reply last drew on the memory; null before the first time.',
      extensions: NOT_KEPT,
    }),
  }),
});

builder.prismaObjectField(Memory, 'supersededBy', (t) =>
  t.field({
    type: Memory,
    nullable: true,
    description:
      'The memory that has taken the place of this one, which no list has and no search finds until the other is deleted; null where none has.',
    extensions: KEPT,
    resolve: resolvers.supersededBy,
  }),
);

const MemoryConnection = connectionType(Memory, 'Memory', 'memories');

const MemoryOrder = builder.enumType('MemoryOrder', {
  description: 'How a list of memories is ordered.',
  values: {
    CREATED_DESC: { description: 'By when they were first saved, the newest memory first.' },
    CREATED_ASC: { description: 'By when they were first saved, the oldest memory first.' },
    UPDATED_DESC: { description: 'By when they were last saved or changed, the latest memory first.' },
    IMPORTANCE_DESC: { description: 'By importance, the memory that matters most first.' },
  },
});

export const MemoryFilter = builder.inputType('MemoryFilter', {
  description: 'Conditions on memories; all that are given must hold.',
  fields: (t) => ({
    kinds: t.field({ type: [MemoryKind], description: 'Only memories of one of these kinds.' }),
    tagsAll: t.stringList({ description: 'Only memories that have all these tags.' }),
    tagsAny: t.stringList({ description: 'Only memories that have at least one of these tags.' }),
    conversationId: t.id({ description: 'Only memories that were learned in the conversation with this id.' }),
    contentContains: t.string({
      description: `Only memories that have this text in their content, whatever the case and accents of either; up to ${MAX_CONTENT_FILTER_LENGTH} characters.`,
    }),
    includeExpired: t.boolean({
      defaultValue: false,
      description: 'Whether memories that have expired or ended are included.',
    }),
    includeSuperseded: t.boolean({
      defaultValue: false,
      description: 'Whether memories whose place another has taken are included.',
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
        description: 'Only memories that meet these conditions; all that hold where it is left out.',
      }),
      orderBy: t.arg({ type: MemoryOrder, defaultValue: 'CREATED_DESC', description: 'The order of the memories.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: KEPT,
    resolve: resolvers.memories,
  }),
);

const CONTENT = `What is to be remembered, a sentence that stands on its own: 1 to ${digits(MAX_MEMORY_LENGTH)} characters.`;
const TAGS = `Words to find the memory by: at most ${MAX_TAGS} tags of up to ${MAX_TAG_LENGTH} characters, kept in lower case, none of them twice`;
const IMPORTANCE = 'How much the memory matters beside others, from 0 (least) to 1 (most).';

builder.relayMutationField(
  'saveMemory',
  {
    description: 'What is worth recalling.',
    inputFields: (t: InputFields) => ({
      content: t.string({ required: true, description: CONTENT }),
      kind: t.field({
        type: MemoryKind,
        defaultValue: 'FACT',
        description: 'What sort of thing the memory is about.',
      }),
      tags: t.stringList({ defaultValue: [], description: `${TAGS}.` }),
      importance: t.float({ defaultValue: DEFAULT_IMPORTANCE, description: IMPORTANCE }),
      sourceMessageId: t.id({ description: 'The id of the message that the memory was learned from.' }),
      conversationId: t.id({
        description:
          'The id of the conversation that the memory was learned in; that of `sourceMessageId` where it is left out.',
      }),
      supersedes: t.idList({
        description: `The ids of memories whose place this one takes, at most ${MAX_SUPERSEDED}.`,
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'From when on the memory is forgotten, in the future; never where it is left out.',
      }),
      metadata: metadata(t, 'memory'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Saves a memory. Where one of the same kind is there that differs in nothing but function words, spelling, letter case and punctuation, that one is refreshed: it takes the new wording, the tags of both, the greater importance, and whatever else is given. Errors: NOT_FOUND (the message, the conversation or a superseded memory), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.saveMemory,
  },
  {
    description: 'The memory that was saved.',
    outputFields: (t) => ({
      memory: t.expose('memory', { type: Memory, description: 'The memory as it is now.' }),
      merged: t.exposeBoolean('merged', {
        description: 'True where an equal memory was already there and was refreshed instead.',
      }),
      memoryEdge: payloadEdge(t, MemoryConnection.edge, 'memories', resolvers.memoryEdge),
      superseded: t.field({
        type: [Memory],
        description: 'The memories of `supersedes`, whose place the saved memory has taken.',
        complexity: { field: 1, multiplier: MAX_SUPERSEDED },
        resolve: resolvers.superseded,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateMemory',
  {
    description: 'What to change of a memory; what is left out stays as it is.',
    inputFields: (t: InputFields) => ({
      memoryId: t.id({ required: true, description: 'The id of the memory to change.' }),
      content: t.string({ description: CONTENT }),
      kind: t.field({ type: MemoryKind, description: 'What sort of thing the memory is about.' }),
      tags: t.stringList({ description: `${TAGS}, in place of all that were there.` }),
      importance: t.float({ description: IMPORTANCE }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'From when on the memory is forgotten, at once for a moment that has passed; null for never.',
      }),
      metadata: changedMetadata(t, 'memory'),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: 'Changes a memory, superseded or not. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateMemory,
  },
  {
    description: 'The memory that was changed.',
    outputFields: (t) => ({
      memory: t.expose('memory', { type: Memory, description: 'The memory as it is now.' }),
      memoryEdge: payloadEdge(t, MemoryConnection.edge, 'memories', resolvers.memoryEdge),
    }),
  },
);

builder.relayMutationField(
  'restoreMemory',
  {
    description: 'The memory that is to hold again.',
    inputFields: (t: InputFields) => ({
      memoryId: t.id({ required: true, description: 'The id of the memory to restore.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Makes a memory hold again that was superseded, or has ended or expired; the memory that had taken its place stays. One that holds stays as it is. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.restoreMemory,
  },
  {
    description: 'The memory that was restored.',
    outputFields: (t) => ({
      memory: t.expose('memory', { type: Memory, description: 'The memory as it is now.' }),
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
      'Deletes a memory; the memories that it had superseded hold again. Replies no longer draw on the message that it was learned from, and nothing is learned from that again. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteMemory,
  },
  {
    description: 'The memory that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the memory that is gone.' }),
      restored: t.field({
        type: [Memory],
        description: 'The memories that the deleted one had superseded and that hold again, as lists have them.',
        complexity: { field: 1, multiplier: MAX_SUPERSEDED },
        resolve: resolvers.restored,
      }),
    }),
  },
);
