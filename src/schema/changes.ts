import {
  type ChangeBatch as Batch,
  type EntityChange,
  MAX_CHANGES,
  MAX_LIVE_CHANGES,
} from '#domain/changes/changes.ts';
import * as resolvers from '#resolvers/changes.ts';
import { builder, Node } from './builder.ts';
import { CACHED, NOT_CACHED } from './caching.ts';
import { User } from './users.ts';

const ChangeType = builder.enumType('ChangeType', {
  description: 'A type of objects that `changes` reports.',
  values: {
    CONVERSATION: {
      description:
        'A Conversation, including new messages (once for messages that are added together), the start, end and rating of a reply, and the read position.',
    },
    MEMORY: { description: 'A Memory, also when another memory starts or ceases to supersede it.' },
    EPISODE: { description: 'An Episode, including its status and its transcript.' },
    CLIP: { description: 'A Clip, including feedback about it.' },
    JOB: { description: 'A Job: its status, but not its progress, which `jobProgress` reports.' },
    API_KEY: { description: 'An ApiKey: reported when it is created, rotated or revoked, but not when it is used.' },
    CALL: { description: 'A Call: its status and outcome. What is said is reported as CONVERSATION.' },
    LEAD: { description: 'A Lead, including its status and call attempts.' },
    CAMPAIGN: { description: 'A Campaign, including its status and progress.' },
    MEETING: { description: 'A Meeting: reported when it is booked, moved, cancelled or completed.' },
    WEBHOOK: { description: 'A Webhook, also when the server switches it off; its deliveries are not reported.' },
  },
});

const Change = builder.objectRef<EntityChange>('Change').implement({
  description: 'An object that has changed. It appears once, in its newest state, however often it has changed.',
  fields: (t) => ({
    type: t.expose('type', { type: ChangeType, description: 'The type of the object.' }),
    id: t.id({
      description: 'The `id` of the object, under which clients cache it.',
      resolve: resolvers.changedId,
    }),
    deleted: t.exposeBoolean('deleted', {
      description: 'Whether the object was deleted. The client may never have seen it.',
    }),
    node: t.field({
      type: Node,
      nullable: true,
      description: 'The object in its present state; null if it was deleted.',
      resolve: resolvers.changedNode,
    }),
  }),
});

const ChangeBatch = builder.objectRef<Batch>('ChangeBatch').implement({
  description:
    'A batch of objects that have changed since a cursor. They are ordered by their last change, not by creation: a clip may come before its episode.',
  fields: (t) => ({
    changes: t.field({
      type: [Change],
      description: `The changes, at most ${MAX_CHANGES}.`,
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ changes }) => changes,
    }),
    cursor: t.exposeString('cursor', {
      description: 'The position after this batch. Valid only for the same user and the same `types`.',
    }),
    upToDate: t.exposeBoolean('upToDate', {
      description: 'Whether there were no further changes when this batch was read. If false, read on from `cursor`.',
    }),
    reset: t.exposeBoolean('reset', {
      description:
        'Whether the given cursor had expired. If so, reload all lists (cached data can be shown until then), and continue from the cursor of this batch.',
    }),
    cursorExpiresAt: t.expose('cursorExpiresAt', {
      type: 'DateTime',
      description: 'When the cursor expires. An expired cursor yields a batch with `reset`.',
    }),
  }),
});

const TYPES = 'Only changes of objects of these types. Default: all types.';

builder.queryFields((t) => ({
  changes: t.field({
    type: ChangeBatch,
    description: "The viewer's objects that have changed since a cursor, for clients that poll instead of subscribing.",
    args: {
      after: t.arg.string({
        required: true,
        description:
          'The `cursor` of the previous batch, or `viewer.changeCursor` as read together with the lists or before them.',
      }),
      first: t.arg.int({
        defaultValue: MAX_CHANGES,
        required: true,
        description: `The maximum number of changes, 1 to ${MAX_CHANGES}.`,
      }),
      types: t.arg({ type: [ChangeType], description: TYPES }),
    },
    complexity: ({ first }) => ({ field: 1, multiplier: first }),
    extensions: NOT_CACHED,
    resolve: resolvers.changes,
  }),
}));

builder.subscriptionFields((t) => ({
  changes: t.field({
    type: ChangeBatch,
    description: `Changes of the viewer's objects, by whomever, in batches of up to ${MAX_LIVE_CHANGES}. First the changes since the given cursor, or an empty batch with the present cursor; then new changes as they occur. A client that reconnects with its last cursor misses nothing. A slow client skips intermediate states.`,
    args: {
      after: t.arg.string({
        description: 'The `cursor` of the last batch, or `viewer.changeCursor`. Default: only new changes.',
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
      'The present cursor of `changes`. Read it together with the lists or before them, then follow `changes` from it. Available only for the viewer. Errors: FORBIDDEN.',
    extensions: CACHED,
    resolve: resolvers.changeCursor,
  }),
);
