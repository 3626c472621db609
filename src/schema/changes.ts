import {
  type ChangeBatch as Batch,
  type EntityChange,
  MAX_CHANGES,
  MAX_LIVE_CHANGES,
} from '#domain/changes/changes.ts';
import * as resolvers from '#resolvers/changes.ts';
import { builder, Node } from './builder.ts';
import { KEPT, NOT_KEPT } from './caching.ts';
import { User } from './users.ts';

const ChangeType = builder.enumType('ChangeType', {
  description: 'What `changes` tells of.',
  values: {
    CONVERSATION: {
      description:
        'A Conversation: also new messages, once for however many are added together; the beginning of a reply, its end and its rating; how far it is read.',
    },
    MEMORY: { description: 'A Memory: also that another supersedes it, or does no more.' },
    EPISODE: { description: 'An Episode: also its status and its transcript.' },
    CLIP: { description: 'A Clip: also feedback on it.' },
    JOB: { description: 'A Job: its status, not its progress, of which `jobProgress` tells.' },
    API_KEY: { description: 'An ApiKey: that it was made, rotated or revoked; not that it was used.' },
    CALL: { description: 'A Call: its status, and what has come of it; what is said is in its conversation.' },
    LEAD: { description: 'A Lead: also its status and the calls that were tried.' },
    CAMPAIGN: { description: 'A Campaign: also its status and its progress.' },
    MEETING: { description: 'A Meeting: that it was booked, moved, cancelled or held.' },
  },
});

const Change = builder.objectRef<EntityChange>('Change').implement({
  description: 'Something that has changed: once, in its newest state, however often it has changed.',
  fields: (t) => ({
    type: t.expose('type', { type: ChangeType, description: 'The type of what has changed.' }),
    id: t.id({
      description: 'The `id` of what has changed, by which a client keeps it.',
      resolve: resolvers.changedId,
    }),
    deleted: t.exposeBoolean('deleted', {
      description: 'Whether what has changed is deleted, maybe before the client has ever heard of it.',
    }),
    node: t.field({
      type: Node,
      nullable: true,
      description: 'What has changed, as it is now; null where it is deleted.',
      resolve: resolvers.changedNode,
    }),
  }),
});

const ChangeBatch = builder.objectRef<Batch>('ChangeBatch').implement({
  description:
    'What has changed since a cursor. Changes come in the order in which things last changed, not in which they were made: a clip may come before its episode.',
  fields: (t) => ({
    changes: t.field({
      type: [Change],
      description: `At most ${MAX_CHANGES} changes.`,
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ changes }) => changes,
    }),
    cursor: t.exposeString('cursor', {
      description: 'Resume from here: it belongs to this user and to these types.',
    }),
    upToDate: t.exposeBoolean('upToDate', {
      description: 'Whether nothing newer was stored when this was read; else read on from the cursor.',
    }),
    reset: t.exposeBoolean('reset', {
      description:
        'Whether the cursor had ended: read the lists again, keep showing what there is until then, and go on from the cursor of this batch.',
    }),
    cursorExpiresAt: t.expose('cursorExpiresAt', {
      type: 'DateTime',
      description: 'Until when the cursor can be used; later it gives a `reset`.',
    }),
  }),
});

const TYPES = 'Only what is of these types; all where it is left out.';

builder.queryFields((t) => ({
  changes: t.field({
    type: ChangeBatch,
    description: "What of the viewer's has changed since a cursor, for clients that have no socket.",
    args: {
      after: t.arg.string({
        required: true,
        description: 'The `cursor` of the batch before, or `viewer.changeCursor`, read with the lists or before them.',
      }),
      first: t.arg.int({
        defaultValue: MAX_CHANGES,
        required: true,
        description: `How many at most: 1 to ${MAX_CHANGES}.`,
      }),
      types: t.arg({ type: [ChangeType], description: TYPES }),
    },
    complexity: ({ first }) => ({ field: 1, multiplier: first }),
    extensions: NOT_KEPT,
    resolve: resolvers.changes,
  }),
}));

builder.subscriptionFields((t) => ({
  changes: t.field({
    type: ChangeBatch,
    description: `What of the viewer's changes, whoever changes it, in batches of up to ${MAX_LIVE_CHANGES}: at once what has changed since a cursor, or else an empty batch with the cursor of now; then whatever changes. A client that reconnects with its last cursor, to any process, misses nothing; one that is slow skips states in between.`,
    args: {
      after: t.arg.string({
        description: 'The `cursor` of the last batch, or `viewer.changeCursor`; else from now on.',
      }),
      types: t.arg({ type: [ChangeType], description: TYPES }),
    },
    complexity: { field: 1, multiplier: MAX_LIVE_CHANGES / 2 },
    subscribe: resolvers.changesLive,
    resolve: (batch) => batch,
  }),
}));

builder.objectField(User, 'changeCursor', (t) =>
  t.string({
    description:
      'Where the changes of now end: read it with the lists, or before them, and follow `changes` from there. Only of the viewer. Errors: FORBIDDEN.',
    extensions: KEPT,
    resolve: resolvers.changeCursor,
  }),
);
