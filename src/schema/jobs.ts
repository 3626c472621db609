import { readFailure } from '#resolvers/failures.ts';
import * as resolvers from '#resolvers/jobs.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Failure } from './failures.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { JobKind, RESULTS_BY_KIND } from './job-kinds.ts';
import { User } from './users.ts';

const JobStatus = builder.enumType('JobStatus', {
  description: 'Where a job stands.',
  values: {
    QUEUED: { description: 'The job waits for a worker.' },
    RUNNING: { description: 'A worker is at work on the job.' },
    RETRYING: { description: 'The job failed for now, and waits to be tried again by itself.' },
    CANCELLING: { description: 'The job is running, and was asked to stop.' },
    SUCCEEDED: { description: 'The job has done its work.' },
    FAILED: { description: 'The job was given up; `error` says why. `retryJob` tries it again.' },
    CANCELLED: { description: 'The job was stopped; nothing half-made is left. `retryJob` starts it again.' },
  },
});

export const JobPriority = builder.enumType('JobPriority', {
  description:
    'Which waiting job is taken first. Among jobs of equal priority users take turns; those of one user are taken in the order they came.',
  values: {
    LOW: { description: 'Taken when no other job waits.' },
    NORMAL: { description: 'The priority of most jobs.' },
    HIGH: { description: 'Taken before NORMAL and LOW.' },
    URGENT: { description: 'Taken before all others. Requires scope ADMIN.' },
  },
});

export const Job = builder.prismaObject('Job', {
  description: 'Background work with progress. Follow it with the subscription `jobProgress`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the job; it never changes.', resolve: idOf('Job') }),
    kind: t.expose('kind', { type: JobKind, description: 'What the job does.' }),
    status: t.expose('status', { type: JobStatus, description: 'Where the job stands.' }),
    priority: t.expose('priority', { type: JobPriority, description: 'How soon the job is taken.' }),
    progress: t.exposeFloat('progress', {
      description: 'How much of the job is done, 0 to 1; never falling within one attempt.',
    }),
    stage: t.exposeString('stage', {
      nullable: true,
      description: 'The name of the step that is under way, such as `scoring`; null where no step is.',
    }),
    message: t.string({
      nullable: true,
      description:
        'A sentence about the step that is under way, or about why the job is held and how it is released; null where there is none.',
      resolve: resolvers.message,
    }),
    heldAt: t.expose('heldAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when the job waits for an operator, as it acts outside and a backup was restored: it is not run before; null where it does not.',
    }),
    attempt: t.exposeInt('attempt', {
      description: 'The number of the attempt that is under way or was the last: 1, 2 …; 0 before the first.',
    }),
    maxAttempts: t.exposeInt('maxAttempts', {
      description:
        'How often the job is tried before it has FAILED; grows with what the attempts have finished, as each part of a transcription.',
    }),
    version: t.exposeInt('version', { description: 'Grows by one with every change that a subscriber can see.' }),
    queuePosition: t.int({
      nullable: true,
      description: 'How many jobs of the same kind are ahead of the job; null unless it is QUEUED.',
      resolve: resolvers.queuePosition,
    }),
    expectedSecondsLeft: t.float({
      nullable: true,
      description:
        'How long the job will take yet, in seconds, by what jobs of its kind took before; null while there are too few to tell, and once it has ended.',
      resolve: resolvers.expectedSecondsLeft,
    }),
    error: t.field({
      type: Failure,
      nullable: true,
      description: 'Why the last attempt failed; null where none has, and once the job has SUCCEEDED.',
      resolve: readFailure,
    }),
    subject: t.field({
      type: Node,
      nullable: true,
      description: 'The object that the job is about; null where it is gone, or the job is about no single one.',
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
      description: 'The user who asked for the job.',
      resolve: resolvers.requestedBy,
    }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When the job was put in the queue.' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last attempt began; null before the first.',
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
  description: 'How a list of jobs is ordered.',
  values: {
    QUEUED_DESC: { description: 'By when they were put in the queue, the newest job first.' },
    QUEUED_ASC: { description: 'By when they were put in the queue, the oldest job first.' },
    UPDATED_DESC: { description: 'By when they last changed, the latest job first.' },
  },
});

const JobFilter = builder.inputType('JobFilter', {
  description: 'Conditions on jobs; all that are given must hold.',
  fields: (t) => ({
    kinds: t.field({ type: [JobKind], description: 'Only jobs of one of these kinds.' }),
    statuses: t.field({ type: [JobStatus], description: 'Only jobs in one of these statuses.' }),
    subjectId: t.id({ description: 'Only jobs about the object with this id.' }),
    queuedFrom: t.field({ type: 'DateTime', description: 'Only jobs that were put in the queue then or later.' }),
    queuedBefore: t.field({ type: 'DateTime', description: 'Only jobs that were put in the queue before then.' }),
    errorContains: t.string({
      description: `Only jobs that have this text in the message of their error, whatever the case and accents of either; up to ${resolvers.MAX_ERROR_FILTER_LENGTH} characters.`,
    }),
  }),
});

builder.queryFields((t) => ({
  job: t.field({
    type: Job,
    nullable: true,
    description: "A job by id; null where it is missing or somebody else's. With scope ADMIN also the jobs of others.",
    args: { id: t.arg.id({ required: true, description: 'The id of the job.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.job,
  }),
  jobs: t.field({
    type: JobConnection,
    description: "The viewer's jobs, or those of all users.",
    authScopes: (_root, { allUsers }) => (allUsers ? { admin: true } : { read: true }),
    args: {
      filter: t.arg({ type: JobFilter, description: 'Only jobs that meet these conditions.' }),
      orderBy: t.arg({ type: JobOrder, defaultValue: 'QUEUED_DESC', description: 'The order of the jobs.' }),
      allUsers: t.arg.boolean({
        defaultValue: false,
        description: 'Whether the jobs of all users are listed. Requires scope ADMIN.',
      }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.jobs,
  }),
}));

builder.relayMutationField(
  'cancelJob',
  {
    description: 'The job to stop.',
    inputFields: (t: InputFields) => ({
      jobId: t.id({ required: true, description: 'The id of the job to stop.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Stops a job: at once while it waits; while it runs it is CANCELLING first. With scope ADMIN also the jobs of others. Errors: NOT_FOUND, CONFLICT (the job has ended), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.cancelJob,
  },
  {
    description: 'The job that was asked to stop.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job as it is now.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', resolvers.jobEdge),
    }),
  },
);

builder.relayMutationField(
  'retryJob',
  {
    description: 'The job to start again.',
    inputFields: (t: InputFields) => ({
      jobId: t.id({ required: true, description: 'The id of the job to start again, which FAILED or was CANCELLED.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Starts a FAILED or CANCELLED job again, with all its attempts before it. With scope ADMIN also the jobs of others. Errors: NOT_FOUND, CONFLICT (the job is in another status, another job does the same, or what it is about is gone), QUEUE_FULL, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.retryJob,
  },
  {
    description: 'The job that was started again.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job as it is now.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', resolvers.jobEdge),
    }),
  },
);

builder.subscriptionFields((t) => ({
  jobProgress: t.field({
    type: Job,
    description:
      'The job as it is now, then after each change (the newest state where changes come faster than they are read); ends after its last. With scope ADMIN also the jobs of others. Errors: NOT_FOUND.',
    args: { jobId: t.arg.id({ required: true, description: 'The id of the job to follow.' }) },
    subscribe: resolvers.jobProgress,
    resolve: (job) => job,
  }),
  jobUpdated: t.field({
    type: Job,
    description:
      "Each of the viewer's jobs that has not ended, as it is now, then each whenever it changes: after a connection was lost, what runs and waits needs not be asked for.",
    args: { filter: t.arg({ type: JobFilter, description: 'Only jobs that meet these conditions.' }) },
    subscribe: resolvers.jobUpdated,
    resolve: (job) => job,
  }),
}));
