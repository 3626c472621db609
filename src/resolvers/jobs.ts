import type { NodeType } from '#domain/core/global-ids.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import { checkTextFilter } from '#domain/core/validation.ts';
import { followJob, followJobs, followQueueStats, type JobFilter } from '#domain/jobs/job-feeds.ts';
import * as domain from '#domain/jobs/jobs.ts';
import type { QueueStats } from '#domain/jobs/queue-stats.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { JobKind, JobStatus } from '#generated/prisma/enums.ts';
import {
  changesOfJobs,
  type JobOrder,
  jobById,
  jobOrders,
  jobsOfAllUsers,
  jobsOfUser,
  openJobs,
  queuePositionOfJob,
  queueStatsLoader,
  secondsLeftOfJob,
} from '#loaders/jobs.ts';
import { userById } from '#loaders/users.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { parseGlobalId, rowId } from './global-ids.ts';
import { nodeOf } from './nodes.ts';
import { withFreshLoaders } from './subscriptions.ts';

type Filter = {
  kinds?: JobKind[] | null | undefined;
  statuses?: JobStatus[] | null | undefined;
  subjectId?: string | null | undefined;
  queuedFrom?: Date | null | undefined;
  queuedBefore?: Date | null | undefined;
  errorContains?: string | null | undefined;
};
type FilterArg = { filter?: Filter | null | undefined };

/** UTF-16 units of a text that the errors of jobs are to contain. */
export const MAX_ERROR_FILTER_LENGTH = 500;

const toJobFilter = (filter: Filter | null | undefined): JobFilter => ({
  kinds: filter?.kinds ?? null,
  statuses: filter?.statuses ?? null,
  subjectId: filter?.subjectId == null ? null : parseGlobalId(filter.subjectId, 'filter.subjectId').id,
  queuedFrom: filter?.queuedFrom ?? null,
  queuedBefore: filter?.queuedBefore ?? null,
  errorContains: checkTextFilter('filter.errorContains', filter?.errorContains, MAX_ERROR_FILTER_LENGTH),
});

/** Returns a job; null where it is missing or somebody else's. */
export const job = (_root: unknown, { id }: { id: string }, { load }: Context) => load(jobById, rowId(id, 'Job', 'id'));

type JobsArgs = PageArgs & FilterArg & { orderBy?: JobOrder | null | undefined; allUsers?: boolean | null | undefined };

/** Returns a page of the viewer's jobs; of everybody's where `allUsers` asks for it, which takes scope ADMIN. */
export const jobs = (_root: unknown, { filter, orderBy, allUsers, ...page }: JobsArgs, ctx: Context) =>
  connection(
    ctx,
    allUsers ? jobsOfAllUsers : jobsOfUser,
    { parentId: ctx.deps.actor.userId, filter: { ...toJobFilter(filter), orderBy: orderBy ?? 'QUEUED_DESC' } },
    page,
  );

/** Returns the job of a payload at its position among its user's. */
export const jobEdge = ({ job }: { job: Job }, _args: unknown, ctx: Context) => edgeIn(ctx, jobOrders.QUEUED_DESC, job);

/** The same of a payload that has a job only where there is something to do. */
export const optionalJobEdge = ({ job }: { job: Job | null }, _args: unknown, ctx: Context) =>
  job && jobEdge({ job }, _args, ctx);

/** Returns how busy the queue is, over all users. */
export const queueStats = (_root: unknown, _args: unknown, { load }: Context) => load(queueStatsLoader, null);

/** Yields how busy the queue is, then again after each change. */
export const queueStatsChanged = (_root: unknown, _args: unknown, ctx: Context) =>
  withFreshLoaders(ctx, (load) => followQueueStats(ctx.deps, () => load()(queueStatsLoader, null)));

/** Returns how many long jobs each worker process runs at once. */
export const maxConcurrent = (_stats: QueueStats, _args: unknown, { deps }: Context) => deps.limits.maxConcurrentJobs;

/** Returns how many long jobs may wait. */
export const maxQueued = (_stats: QueueStats, _args: unknown, { deps }: Context) => deps.limits.maxQueueSize;

/** Returns how many long jobs of one user may wait. */
export const maxQueuedPerUser = (_stats: QueueStats, _args: unknown, { deps }: Context) => deps.limits.maxQueuedPerUser;

/** Returns how many jobs of its kind are ahead of a job; null unless it is QUEUED. */
export const queuePosition = (row: Job, _args: unknown, { load }: Context) =>
  row.status === 'QUEUED' && !row.heldAt ? load(queuePositionOfJob, row.id) : null;

const HELD =
  'It is held since a backup was restored, as it acts outside and may have been done before; an operator releases it by `npx parley jobs release`.';

/** Returns what is said of the step under way, or why there is none. */
export const message = (row: Job) => (row.heldAt ? HELD : row.message);

/** Returns the seconds that a job is expected to take yet; null where nothing is known. */
export const expectedSecondsLeft = (row: Job, _args: unknown, { load }: Context) => load(secondsLeftOfJob, row);

/** Returns the object that a job is about; null where it is gone, or there is none. */
export const subject = (row: Job, _args: unknown, ctx: Context) =>
  row.subjectType && row.subjectId ? nodeOf(ctx, row.subjectType as NodeType, row.subjectId) : null;

/** Returns the user who asked for a job. */
export const requestedBy = (row: Job, _args: unknown, { load }: Context) =>
  row.requestedById ? load(userById, row.requestedById) : null;

type JobToChange = WithIdempotencyKey & { jobId: string };

/** Returns the job that was asked to stop. */
export async function cancelJob(_root: unknown, { input }: { input: JobToChange }, { deps }: Context) {
  return { job: await domain.cancelJob(deps, { ...input, jobId: rowId(input.jobId, 'Job', 'input.jobId') }) };
}

/** Returns the job that is in the queue again. */
export async function retryJob(_root: unknown, { input }: { input: JobToChange }, { deps }: Context) {
  return { job: await domain.retryJob(deps, { ...input, jobId: rowId(input.jobId, 'Job', 'input.jobId') }) };
}

/** Yields the job as it is, then after each change, until it has ended. */
export function jobProgress(_root: unknown, { jobId }: { jobId: string }, ctx: Context) {
  const id = rowId(jobId, 'Job', 'jobId');
  return withFreshLoaders(ctx, (load) => followJob(ctx.deps, id, () => load()(jobById, id)));
}

/** Yields the viewer's jobs that pass the filter: those that have not ended, then each as it changes. */
export function jobUpdated(_root: unknown, { filter }: FilterArg, ctx: Context) {
  const jobFilter = toJobFilter(filter);
  return withFreshLoaders(ctx, (load) =>
    followJobs(ctx.deps, {
      open: (after) => load()(openJobs, { filter: jobFilter, after }),
      changes: (after) => load()(changesOfJobs, { filter: jobFilter, after }),
      job: (id) => load()(jobById, id),
    }),
  );
}
