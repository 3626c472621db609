import type { PageArgs } from '#domain/core/paging.ts';
import * as estimates from '#domain/jobs/estimates.ts';
import { followJob, followJobs } from '#domain/jobs/job-feeds.ts';
import * as domain from '#domain/jobs/jobs.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { JobKind, JobStatus } from '#generated/prisma/enums.ts';
import { changesOfJobs, jobById, jobsOfUser, queuePositionOfJob, secondsLeftOfJob } from '#loaders/jobs.ts';
import { userById } from '#loaders/users.ts';
import { connection } from './connections.ts';
import type { Context } from './context.ts';
import { type NodeType, parseGlobalId, rowId } from './global-ids.ts';
import { nodeOf } from './nodes.ts';
import { withFreshLoaders } from './subscriptions.ts';

type Filter = {
  kinds?: JobKind[] | null | undefined;
  statuses?: JobStatus[] | null | undefined;
  subjectId?: string | null | undefined;
};
type FilterArg = { filter?: Filter | null | undefined };

const asked = (filter: Filter | null | undefined) => ({
  kinds: filter?.kinds ?? null,
  statuses: filter?.statuses ?? null,
  subjectId: filter?.subjectId == null ? null : parseGlobalId(filter.subjectId, 'filter.subjectId').id,
});

/** Returns a job; null where it is missing or somebody else's. */
export const job = (_root: unknown, { id }: { id: string }, { load }: Context) => load(jobById, rowId(id, 'Job', 'id'));

/** Returns a page of the viewer's jobs, newest first. */
export const jobs = (_root: unknown, { filter, ...page }: PageArgs & FilterArg, ctx: Context) =>
  connection(ctx, jobsOfUser, { parentId: ctx.deps.actor.userId, filter: asked(filter) }, page);

/** Returns how busy the queue is, over all users. */
export async function queueStats(_root: unknown, _args: unknown, { deps }: Context) {
  const { maxConcurrentJobs: maxConcurrent, maxQueueSize: maxQueued, maxQueuedPerUser } = deps.limits;
  return { ...(await estimates.queueStats(deps)), maxConcurrent, maxQueued, maxQueuedPerUser };
}

/** Returns how many jobs of its kind are ahead of a job; null unless it is QUEUED. */
export const queuePosition = (row: Job, _args: unknown, { load }: Context) =>
  row.status === 'QUEUED' ? load(queuePositionOfJob, row.id) : null;

/** Returns the seconds that a job is expected to take yet; null where nothing is known. */
export const expectedSecondsLeft = (row: Job, _args: unknown, { load }: Context) => load(secondsLeftOfJob, row);

/** Returns the object that a job is about; null where it is gone, or there is none. */
export const subject = (row: Job, _args: unknown, ctx: Context) =>
  row.subjectType && row.subjectId ? nodeOf(ctx, row.subjectType as NodeType, row.subjectId) : null;

/** Returns the user who asked for a job. */
export const requestedBy = (row: Job, _args: unknown, { load }: Context) =>
  row.requestedById ? load(userById, row.requestedById) : null;

type JobToChange = { jobId: string; idempotencyKey?: string | null | undefined };

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

/** Yields the viewer's jobs that pass the filter, as they change. */
export function jobUpdated(_root: unknown, { filter }: FilterArg, ctx: Context) {
  const wanted = asked(filter);
  return withFreshLoaders(ctx, (load) =>
    followJobs(ctx.deps, wanted, {
      changes: (after) => load()(changesOfJobs, { filter: wanted, after }),
      job: (id) => load()(jobById, id),
    }),
  );
}
