import { readFailure } from '#resolvers/failures.ts';
import * as resolvers from '#resolvers/jobs.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Failure } from './failures.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { JobKind, RESULTS_BY_KIND } from './job-kinds.ts';
import { User } from './users.ts';

const JobStatus = builder.enumType('JobStatus', {
  description: 'The status of a job.',
  values: {
    QUEUED: { description: 'The job is waiting for a worker.' },
    RUNNING: { description: 'The job is running, or waiting for its next step.' },
    RETRYING: { description: 'The last attempt failed, and the job is waiting for its next automatic attempt.' },
    CANCELLING: { description: 'The job is still running, and is being cancelled.' },
    SUCCEEDED: { description: 'The job completed successfully.' },
    FAILED: { description: 'The job failed for good; see `error`. `retryJob` starts it again.' },
    CANCELLED: {
      description: 'The job was cancelled, and its partial results were removed. `retryJob` starts it again.',
    },
  },
});

export const JobPriority = builder.enumType('JobPriority', {
  description:
    'The order in which waiting jobs are processed. Among jobs of equal priority, users take turns; the jobs of one user run first in, first out.',
  values: {
    LOW: { description: 'Processed when no other job waits.' },
    NORMAL: { description: 'The default priority.' },
    HIGH: { description: 'Processed before NORMAL and LOW.' },
    URGENT: { description: 'Processed before all others. Requires scope ADMIN.' },
  },
});

export const Job = builder.prismaObject('Job', {
  description: 'A unit of background work, with its progress. Follow it with the subscription `jobProgress`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the job; it never changes.', resolve: idOf('Job') }),
    kind: t.expose('kind', { type: JobKind, description: 'The kind of the job.' }),
    status: t.expose('status', { type: JobStatus, description: 'The status of the job.' }),
    priority: t.expose('priority', { type: JobPriority, description: 'The priority of the job.' }),
    progress: t.exposeFloat('progress', {
      description: 'The progress of the job, 0 to 1. Never decreases within one attempt.',
    }),
    stage: t.exposeString('stage', {
      nullable: true,
      description: 'The name of the current step, such as `scoring`; null if there is none.',
    }),
    message: t.string({
      nullable: true,
      description:
        'A sentence for people about the current step, or about why the job is on hold and how to release it; null if there is none.',
      resolve: resolvers.message,
    }),
    heldAt: t.expose('heldAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when the job is on hold. After a backup is restored, jobs with effects outside of Parley do not run until an operator releases them. Null if the job is not on hold.',
    }),
    attempt: t.exposeInt('attempt', {
      description: 'The number of the current or last attempt, from 1; 0 before the first.',
    }),
    maxAttempts: t.exposeInt('maxAttempts', {
      description:
        'The maximum number of attempts before the job is FAILED. It increases as attempts complete parts of the work, such as each part of a transcription.',
    }),
    version: t.exposeInt('version', {
      description: 'A number that increases by one with every change that subscribers can see.',
    }),
    queuePosition: t.int({
      nullable: true,
      description: 'The number of jobs of the same kind that are ahead in the queue; null unless the job is QUEUED.',
      resolve: resolvers.queuePosition,
    }),
    expectedSecondsLeft: t.float({
      nullable: true,
      description:
        'The estimated remaining time in seconds, from the durations of earlier jobs of the same kind; null if there are too few of them, and once the job has ended.',
      resolve: resolvers.expectedSecondsLeft,
    }),
    error: t.field({
      type: Failure,
      nullable: true,
      description: 'Why the last failed attempt failed; null if none has failed, and once the job has SUCCEEDED.',
      resolve: readFailure,
    }),
    subject: t.field({
      type: Node,
      nullable: true,
      description:
        'The object that the job works on; null if it was deleted, or the job does not work on a single object.',
      resolve: resolvers.subject,
    }),
    result: t.expose('result', {
      type: 'JSON',
      nullable: true,
      description: RESULTS_BY_KIND,
    }),
    requestedBy: t.field({
      type: User,
      nullable: true,
      description: 'The user who requested the job.',
      resolve: resolvers.requestedBy,
    }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When the job was enqueued.' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the current or last attempt began; null before the first.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the job SUCCEEDED, FAILED or was CANCELLED; null before that.',
    }),
  }),
});

export const JobConnection = connectionType(Job, 'Job', 'jobs');

const JobOrder = builder.enumType('JobOrder', {
  description: 'The sort order of a list of jobs.',
  values: {
    QUEUED_DESC: { description: 'By `queuedAt`, newest first.' },
    QUEUED_ASC: { description: 'By `queuedAt`, oldest first.' },
    UPDATED_DESC: { description: 'By the time of the last change, latest first.' },
  },
});

const JobFilter = builder.inputType('JobFilter', {
  description: 'Filter for jobs. All given conditions must match.',
  fields: (t) => ({
    kinds: t.field({ type: [JobKind], description: 'Only jobs of one of these kinds.' }),
    statuses: t.field({ type: [JobStatus], description: 'Only jobs in one of these statuses.' }),
    subjectId: t.id({ description: 'Only jobs that work on the object with this id.' }),
    queuedFrom: t.field({ type: 'DateTime', description: 'Only jobs enqueued at this moment or later.' }),
    queuedBefore: t.field({ type: 'DateTime', description: 'Only jobs enqueued before this moment.' }),
    errorContains: t.string({
      description: `Only jobs whose error message contains this text, ignoring case and accents; up to ${resolvers.MAX_ERROR_FILTER_LENGTH} characters. An empty text is no filter.`,
    }),
  }),
});

builder.queryFields((t) => ({
  job: t.field({
    type: Job,
    nullable: true,
    description:
      'A job by id; null if it does not exist or belongs to another user. With scope ADMIN, also jobs of other users.',
    args: { id: t.arg.id({ required: true, description: 'The id of the job.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.job,
  }),
  jobs: t.field({
    type: JobConnection,
    description: 'The jobs of the viewer, or of all users.',
    authScopes: (_root, { allUsers }) => (allUsers ? { admin: true } : { read: true }),
    args: {
      filter: t.arg({ type: JobFilter, description: 'Only jobs that match this filter.' }),
      orderBy: t.arg({ type: JobOrder, defaultValue: 'QUEUED_DESC', description: 'The order of the jobs.' }),
      allUsers: t.arg.boolean({
        defaultValue: false,
        description: 'If true, the jobs of all users are listed. Requires scope ADMIN.',
      }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_CACHED,
    resolve: resolvers.jobs,
  }),
}));

builder.relayMutationField(
  'cancelJob',
  {
    description: 'The job to cancel.',
    inputFields: (t: InputFields) => ({
      jobId: t.id({ required: true, description: 'The id of the job to cancel.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Cancels a job: immediately if it is waiting; a running job is CANCELLING first. With scope ADMIN, also jobs of other users. Errors: NOT_FOUND, CONFLICT (the job has ended), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.cancelJob,
  },
  {
    description: 'The job that was cancelled, or is being cancelled.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job after the change.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', resolvers.jobEdge),
    }),
  },
);

builder.relayMutationField(
  'retryJob',
  {
    description: 'The job to start again.',
    inputFields: (t: InputFields) => ({
      jobId: t.id({
        required: true,
        description: 'The id of the job to start again, which must be FAILED or CANCELLED.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Starts a FAILED or CANCELLED job again, with its full number of attempts. With scope ADMIN, also jobs of other users. Errors: NOT_FOUND, CONFLICT (the job has another status, another job does the same work, or its subject was deleted), QUEUE_FULL, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.retryJob,
  },
  {
    description: 'The job that was started again.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job after the change.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', resolvers.jobEdge),
    }),
  },
);

builder.subscriptionFields((t) => ({
  jobProgress: t.field({
    type: Job,
    description:
      'The present state of a job, then its newest state after each change; a slow client skips intermediate states. Completes after the last change. With scope ADMIN, also jobs of other users. Errors: NOT_FOUND.',
    args: { jobId: t.arg.id({ required: true, description: 'The id of the job to follow.' }) },
    subscribe: resolvers.jobProgress,
    resolve: (job) => job,
  }),
  jobUpdated: t.field({
    type: Job,
    description:
      'Every unfinished job of the viewer in its present state, then each job whenever it changes. After a reconnect, unfinished jobs need not be queried separately.',
    args: { filter: t.arg({ type: JobFilter, description: 'Only jobs that match this filter.' }) },
    subscribe: resolvers.jobUpdated,
    resolve: (job) => job,
  }),
}));
