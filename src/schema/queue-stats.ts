import { QUEUE_STATS_EVERY_MS } from '#domain/jobs/job-feeds.ts';
import type { QueueStats as QueueStatsShape } from '#domain/jobs/queue-stats.ts';
import * as resolvers from '#resolvers/jobs.ts';
import { builder } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { JobKind } from './job-kinds.ts';

const QueueKindStats = builder.simpleObject('QueueKindStats', {
  description:
    'Statistics about jobs of one kind. Counts cover the same jobs as `QueueStats`; durations cover the jobs of all users.',
  fields: (t) => ({
    kind: t.field({ type: JobKind, description: 'The kind of the jobs.' }),
    queued: t.int({ description: 'The number of jobs of this kind that wait for their first attempt.' }),
    running: t.int({ description: 'The number of jobs of this kind that are running.' }),
    medianSeconds: t.float({
      nullable: true,
      description: 'The median duration of recent jobs of this kind, in seconds; null if there are too few.',
    }),
    p95Seconds: t.float({
      nullable: true,
      description:
        'The 95th percentile of the duration of recent jobs of this kind, in seconds; null if there are too few.',
    }),
  }),
});

const QueueStats = builder.objectRef<QueueStatsShape>('QueueStats').implement({
  description:
    "Statistics about the job queue: the viewer's jobs; for an ADMIN whose API key has the scope ADMIN, the jobs of all users.",
  fields: (t) => ({
    queued: t.exposeInt('queued', { description: 'The number of jobs that wait for their first attempt.' }),
    running: t.exposeInt('running', { description: 'The number of jobs that are running.' }),
    retrying: t.exposeInt('retrying', { description: 'The number of jobs that wait for another attempt.' }),
    succeededLastHour: t.exposeInt('succeededLastHour', {
      description: 'The number of jobs that SUCCEEDED within the last hour.',
    }),
    failedLastHour: t.exposeInt('failedLastHour', {
      description: 'The number of jobs that FAILED within the last hour.',
    }),
    oldestQueuedSeconds: t.exposeFloat('oldestQueuedSeconds', {
      nullable: true,
      description: 'The waiting time of the oldest QUEUED job, in seconds; null if there is none.',
    }),
    maxConcurrent: t.int({
      description:
        'The maximum number of concurrent long jobs of each worker process. One user can have half of them, rounded up. Renders of clips do not count.',
      resolve: resolvers.maxConcurrent,
    }),
    maxQueued: t.int({
      description:
        'The maximum number of waiting long jobs of all users; further ones are rejected with QUEUE_FULL. Replies and their follow-up jobs are never rejected.',
      resolve: resolvers.maxQueued,
    }),
    maxQueuedPerUser: t.int({
      description: 'The maximum number of waiting long jobs of one user; further ones are rejected with QUEUE_FULL.',
      resolve: resolvers.maxQueuedPerUser,
    }),
    kinds: t.expose('kinds', { type: [QueueKindStats], description: 'Statistics for each kind of job.' }),
  }),
});

builder.queryField('queueStats', (t) =>
  t.field({
    type: QueueStats,
    description:
      "Statistics about the job queue: the viewer's jobs; for an ADMIN whose API key has the scope ADMIN, the jobs of all users.",
    complexity: 20,
    extensions: NOT_CACHED,
    resolve: resolvers.queueStats,
  }),
);

builder.subscriptionField('queueStatsChanged', (t) =>
  t.field({
    type: QueueStats,
    description: `The present queue statistics (as in the query \`queueStats\`), then again after jobs were enqueued, started or ended, at most every ${QUEUE_STATS_EVERY_MS / 1_000} s.`,
    subscribe: resolvers.queueStatsChanged,
    resolve: (stats) => stats,
  }),
);
