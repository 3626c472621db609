import { QUEUE_STATS_EVERY_MS } from '#domain/jobs/job-feeds.ts';
import type { QueueStats as QueueStatsShape } from '#domain/jobs/queue-stats.ts';
import * as resolvers from '#resolvers/jobs.ts';
import { builder } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { JobKind } from './job-kinds.ts';

const QueueKindStats = builder.simpleObject('QueueKindStats', {
  description:
    'How busy the queue is with one kind of job: how many are counted as in QueueStats, how long they took over all users.',
  fields: (t) => ({
    kind: t.field({ type: JobKind, description: 'The kind of the jobs.' }),
    queued: t.int({ description: 'How many jobs of the kind wait for their first attempt.' }),
    running: t.int({ description: 'How many jobs of the kind are running.' }),
    medianSeconds: t.float({
      nullable: true,
      description:
        'How long half of the recent jobs of the kind took at most, in seconds; null while there are too few.',
    }),
    p95Seconds: t.float({
      nullable: true,
      description:
        'How long 95 in 100 of the recent jobs of the kind took at most, in seconds; null while there are too few.',
    }),
  }),
});

const QueueStats = builder.objectRef<QueueStatsShape>('QueueStats').implement({
  description:
    "How busy the queue is with all kinds of jobs: with the viewer's, and for an ADMIN, with the scope ADMIN, with those of all users.",
  fields: (t) => ({
    queued: t.exposeInt('queued', { description: 'How many jobs wait for their first attempt.' }),
    running: t.exposeInt('running', { description: 'How many jobs are running.' }),
    retrying: t.exposeInt('retrying', { description: 'How many jobs wait to be tried again.' }),
    succeededLastHour: t.exposeInt('succeededLastHour', {
      description: 'How many jobs have SUCCEEDED within the last hour.',
    }),
    failedLastHour: t.exposeInt('failedLastHour', { description: 'How many jobs have FAILED within the last hour.' }),
    oldestQueuedSeconds: t.exposeFloat('oldestQueuedSeconds', {
      nullable: true,
      description: 'How long the job that is QUEUED the longest has waited, in seconds; null where none is.',
    }),
    maxConcurrent: t.int({
      description:
        'How many long jobs each worker process runs at once at most, half of them, rounded up, of one user; clips are rendered beside them.',
      resolve: resolvers.maxConcurrent,
    }),
    maxQueued: t.int({
      description:
        'How many long jobs may wait before another is refused with QUEUE_FULL. Replies and what follows them are never refused.',
      resolve: resolvers.maxQueued,
    }),
    maxQueuedPerUser: t.int({
      description: 'How many long jobs of one user may wait before another of theirs is refused with QUEUE_FULL.',
      resolve: resolvers.maxQueuedPerUser,
    }),
    kinds: t.expose('kinds', { type: [QueueKindStats], description: 'How busy the queue is with each kind of job.' }),
  }),
});

builder.queryField('queueStats', (t) =>
  t.field({
    type: QueueStats,
    description: "How busy the queue is with the viewer's jobs; for an ADMIN, with those of all users.",
    complexity: 20,
    extensions: NOT_KEPT,
    resolve: resolvers.queueStats,
  }),
);

builder.subscriptionField('queueStatsChanged', (t) =>
  t.field({
    type: QueueStats,
    description: `How busy the queue is now with the viewer's jobs, for an ADMIN with those of all users, then again after jobs came, began or ended; at most every ${QUEUE_STATS_EVERY_MS / 1_000} s.`,
    subscribe: resolvers.queueStatsChanged,
    resolve: (stats) => stats,
  }),
);
