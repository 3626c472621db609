import * as resolvers from '#resolvers/jobs.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { connectionType } from './connection.ts';
import { User } from './users.ts';

const JobKind = builder.enumType('JobKind', {
  description: 'What a job does.',
  values: {
    PROCESS_EPISODE: { description: 'Finds the best clips in the transcript of an episode.' },
    GENERATE_REPLY: { description: 'Writes the reply to a message.' },
    EXTRACT_MEMORIES: { description: 'Learns memories from what a user said.' },
    EMBED_MEMORIES: { description: 'Makes memories findable by meaning.' },
  },
});

const JobStatus = builder.enumType('JobStatus', {
  description: 'Where a job stands.',
  values: {
    QUEUED: { description: 'Waits for a worker.' },
    RUNNING: { description: 'Under way.' },
    RETRYING: { description: 'Failed for now, and will be tried again by itself.' },
    CANCELLING: { description: 'Under way, and asked to stop.' },
    SUCCEEDED: { description: 'Done.' },
    FAILED: { description: 'Given up; `error` says why. `retryJob` tries again.' },
    CANCELLED: { description: 'Stopped; nothing half-made is left. `retryJob` starts it again.' },
  },
});

export const JobPriority = builder.enumType('JobPriority', {
  description: 'Which job is taken first; equals in the order they came.',
  values: {
    LOW: { description: 'When nothing else waits.' },
    NORMAL: { description: 'As usual.' },
    HIGH: { description: 'Before the usual.' },
    URGENT: { description: 'Before all others.' },
  },
});

export const JobError = builder.simpleObject('JobError', {
  description: 'What went wrong.',
  fields: (t) => ({
    code: t.string({ description: 'One of the codes of GraphQL errors.' }),
    message: t.string({ description: 'In words.' }),
    retryable: t.boolean({ description: 'Whether trying again may help.' }),
  }),
});

export const Job = builder.prismaObject('Job', {
  description: 'Background work with progress. Follow it with `jobProgress`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, the same for ever.', resolve: idOf('Job') }),
    kind: t.expose('kind', { type: JobKind, description: 'What it does.' }),
    status: t.expose('status', { type: JobStatus, description: 'Where it stands.' }),
    priority: t.expose('priority', { type: JobPriority, description: 'How soon it is taken.' }),
    progress: t.exposeFloat('progress', { description: '0 to 1, never falling within one attempt.' }),
    stage: t.exposeString('stage', { nullable: true, description: 'The step now under way, as `scoring`.' }),
    message: t.exposeString('message', { nullable: true, description: 'A sentence about it.' }),
    attempt: t.exposeInt('attempt', { description: 'Which try this is; 0 while it has not begun.' }),
    maxAttempts: t.exposeInt('maxAttempts', { description: 'How often it is tried by itself.' }),
    version: t.exposeInt('version', { description: 'Grows by one with every change that a subscriber can see.' }),
    queuePosition: t.int({
      nullable: true,
      description: 'Jobs of the same kind ahead of it, while QUEUED.',
      resolve: resolvers.queuePosition,
    }),
    expectedSecondsLeft: t.float({
      nullable: true,
      description: 'From what such jobs took before; null while there are too few to tell.',
      resolve: resolvers.expectedSecondsLeft,
    }),
    error: t.field({ type: JobError, nullable: true, description: 'What went wrong last.', resolve: resolvers.error }),
    subject: t.field({ type: Node, nullable: true, description: 'What it is about.', resolve: resolvers.subject }),
    result: t.expose('result', { type: 'JSON', nullable: true, description: 'What it made, in numbers.' }),
    requestedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who asked for it.',
      resolve: resolvers.requestedBy,
    }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its present attempt began.',
    }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
  }),
});

const JobConnection = connectionType(Job, 'Job', 'jobs');

const JobFilter = builder.inputType('JobFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({
    kinds: t.field({ type: [JobKind], description: 'Only these kinds.' }),
    statuses: t.field({ type: [JobStatus], description: 'Only these statuses.' }),
    subjectId: t.id({ description: 'Only what is about this.' }),
  }),
});

const QueueKindStats = builder.simpleObject('QueueKindStats', {
  description: 'The queue, as far as one kind of job goes.',
  fields: (t) => ({
    kind: t.field({ type: JobKind, description: 'The kind.' }),
    queued: t.int({ description: 'How many wait for their first try.' }),
    running: t.int({ description: 'How many are under way.' }),
    medianSeconds: t.float({
      nullable: true,
      description: 'What half of the recent ones took at most; null while there are too few.',
    }),
    p95Seconds: t.float({
      nullable: true,
      description: 'What 95 in 100 of the recent ones took at most; null while there are too few.',
    }),
  }),
});

const QueueStats = builder.simpleObject('QueueStats', {
  description: 'The queue as a whole, over all users.',
  fields: (t) => ({
    queued: t.int({ description: 'How many wait for their first try.' }),
    running: t.int({ description: 'How many are under way.' }),
    retrying: t.int({ description: 'How many wait to be tried again.' }),
    succeededLastHour: t.int({ description: 'How many were done within the last hour.' }),
    failedLastHour: t.int({ description: 'How many were given up within the last hour.' }),
    oldestQueuedSeconds: t.float({ nullable: true, description: 'How long the oldest has waited.' }),
    maxConcurrent: t.int({ description: 'How many long jobs run at most in each worker process.' }),
    maxQueued: t.int({
      description:
        'How many long jobs may wait; beyond that, QUEUE_FULL. Replies and what follows them are not refused.',
    }),
    kinds: t.field({ type: [QueueKindStats], description: 'By kind.' }),
  }),
});

builder.queryFields((t) => ({
  job: t.field({
    type: Job,
    nullable: true,
    description: "A job; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The job.' }) },
    resolve: resolvers.job,
  }),
  jobs: t.field({
    type: JobConnection,
    description: "The viewer's jobs, newest first.",
    args: { filter: t.arg({ type: JobFilter, description: 'Which.' }), ...t.arg.connectionArgs() },
    complexity: pageCost,
    resolve: resolvers.jobList,
  }),
  queueStats: t.field({
    type: QueueStats,
    description: 'How busy the queue is.',
    complexity: 20,
    resolve: resolvers.queueStats,
  }),
}));

const CancelJobInput = builder.inputType('CancelJobInput', {
  description: 'Which job stops.',
  fields: (t) => ({ jobId: t.id({ required: true, description: 'The job.' }) }),
});
const RetryJobInput = builder.inputType('RetryJobInput', {
  description: 'Which job starts again.',
  fields: (t) => ({ jobId: t.id({ required: true, description: 'The job; FAILED or CANCELLED.' }) }),
});
const jobPayload = (name: string) =>
  builder.simpleObject(name, {
    description: 'The job as it is now.',
    fields: (t) => ({ job: t.field({ type: Job, description: 'The job.' }) }),
  });

builder.mutationFields((t) => ({
  cancelJob: t.field({
    type: jobPayload('CancelJobPayload'),
    nullable: true,
    description: 'Stops a job: at once while it waits; by CANCELLING while it runs. CONFLICT where it has ended.',
    args: { input: t.arg({ type: CancelJobInput, required: true, description: 'Which.' }) },
    resolve: resolvers.cancelJob,
  }),
  retryJob: t.field({
    type: jobPayload('RetryJobPayload'),
    nullable: true,
    description: 'Starts a FAILED or CANCELLED job again. CONFLICT in any other status; QUEUE_FULL as for a new one.',
    args: { input: t.arg({ type: RetryJobInput, required: true, description: 'Which.' }) },
    resolve: resolvers.retryJob,
  }),
}));

builder.subscriptionFields((t) => ({
  jobProgress: t.field({
    type: Job,
    description:
      'The job as it is now, then after each change (the newest state where changes come faster than they are read); ends after its last.',
    args: { jobId: t.arg.id({ required: true, description: 'The job.' }) },
    subscribe: resolvers.jobProgress,
    resolve: (job) => job,
  }),
  jobUpdated: t.field({
    type: Job,
    description: "Every change of the viewer's own jobs.",
    args: { filter: t.arg({ type: JobFilter, description: 'Which.' }) },
    subscribe: resolvers.jobUpdated,
    resolve: (job) => job,
  }),
}));
