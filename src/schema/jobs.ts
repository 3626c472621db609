import { readFailure } from '#resolvers/failures.ts';
import * as resolvers from '#resolvers/jobs.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Failure } from './failures.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { User } from './users.ts';

export const JobKind = builder.enumType('JobKind', {
  description: 'What a job does.',
  values: {
    PROCESS_EPISODE: { description: 'Finds the best clips in the transcript of an episode.' },
    GENERATE_REPLY: { description: 'Writes the reply to a message.' },
    EXTRACT_MEMORIES: {
      description:
        'Learns memories from what a user said, ends those that it takes back, and deletes those that it asks to forget.',
    },
    EMBED_MEMORIES: { description: 'Makes memories findable by their meaning.' },
    IMPORT_CONVERSATIONS: {
      description:
        'Imports the conversations of a file, sent to `POST /conversations`; those that are imported stay when the job is cancelled or fails, and `retryJob` goes on with the others.',
    },
    IMPORT_LEADS: {
      description:
        'Imports the leads of a file, sent to `POST /leads/imports`; those that are imported stay when the job is cancelled or fails, and `retryJob` goes on with the others.',
    },
    CALL_LEAD: {
      description:
        'Dials a call to a lead. It has succeeded once the provider was asked; how the call goes on is in the Call. It is not retried: `callLead` makes another call.',
    },
    CLEAN_UP_FILES: {
      description:
        'Removes files that have no more use: unfinished uploads of a day ago, the media of episodes that were archived long ago, and what processes that died have left.',
    },
    RENDER_CLIP: { description: 'Makes the file of a clip.' },
    TITLE_CONVERSATION: { description: 'Gives a conversation a title, by the model, after its first reply.' },
    CLEAN_UP_CONVERSATIONS: { description: 'Deletes the conversations of all users that are older than is kept.' },
    ERASE_USER: { description: 'Deletes a user with all that is theirs.' },
    SEND_ALERT: { description: 'Tells the receiver of alerts what is not well with the server, or well again.' },
    BACK_UP: { description: 'Takes a backup of the database, and proves that it restores.' },
    RUN_CAMPAIGN: {
      description:
        'Calls the leads of a campaign. It is RUNNING as long as the campaign is, or paused; cancelling it cancels the campaign.',
    },
  },
});

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
      description: 'The name of the step that is under way, as `scoring`; null where no step is.',
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
      description:
        'What the job made, in numbers: `{ clips, transcription: { transcriber, caveat, pieces, failedPieces, removed } }` of PROCESS_EPISODE, where it has transcribed, `{ durationSeconds, width, height, loudnessLufs, truePeakDb, bytes, warnings }` of RENDER_CLIP, `{ saved, merged }` of EXTRACT_MEMORIES, `{ embedded }` of EMBED_MEMORIES about all memories, `{ found, conversations, messages, alreadyThere, notImported, problems: [{ index, title, reason }], passedOver: [{ what, count, names }] }` of IMPORT_CONVERSATIONS, `{ rows, created, updated, errorCount, errors: [{ row, field, message }], ignoredColumns }` of IMPORT_LEADS, whose `errors` are the first thousand, `{ reached, notReached, blocked, meetingsBooked }` of RUN_CAMPAIGN, `{ erased: { …rows by table } }` of ERASE_USER, `{ deleted }` of CLEAN_UP_CONVERSATIONS, `{ name, sizeBytes, verified }` of BACK_UP; null for others.',
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
