import type { PageArgs } from '#domain/core/paging.ts';
import * as estimates from '#domain/jobs/estimates.ts';
import { followJob, followJobs } from '#domain/jobs/job-feeds.ts';
import * as jobs from '#domain/jobs/jobs.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { JobKind, JobStatus } from '#generated/prisma/enums.ts';
import { changedJobsOfUser, jobById, jobsOfUser, queuePositionOfJob, secondsLeftOfJob } from '#loaders/jobs.ts';
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

export const job = (_root: unknown, { id }: { id: string }, { load }: Context) => load(jobById, rowId(id, 'Job', 'id'));
export const jobList = (_root: unknown, { filter, ...page }: PageArgs & FilterArg, ctx: Context) =>
  connection(ctx, jobsOfUser, { parentId: ctx.deps.actor.userId, filter: asked(filter) }, page);

export async function queueStats(_root: unknown, _args: unknown, { deps }: Context) {
  const { maxConcurrentJobs, maxQueueSize } = deps.limits;
  return { ...(await estimates.queueStats(deps)), maxConcurrent: maxConcurrentJobs, maxQueued: maxQueueSize };
}

export const queuePosition = (row: Job, _args: unknown, { load }: Context) =>
  row.status === 'QUEUED' ? load(queuePositionOfJob, row.id) : null;
export const expectedSecondsLeft = (row: Job, _args: unknown, { load }: Context) => load(secondsLeftOfJob, row);
export const error = ({ errorCode, errorMessage, errorRetryable }: Job) =>
  errorCode === null ? null : { code: errorCode, message: errorMessage ?? '', retryable: errorRetryable ?? false };
export const subject = (row: Job, _args: unknown, ctx: Context) =>
  row.subjectType && row.subjectId ? nodeOf(ctx, row.subjectType as NodeType, row.subjectId) : null;
export const requestedBy = (row: Job, _args: unknown, { load }: Context) =>
  row.requestedById ? load(userById, row.requestedById) : null;

type JobArg = { input: { jobId: string } };

export async function cancelJob(_root: unknown, { input: { jobId } }: JobArg, { deps }: Context) {
  return { job: await jobs.cancelJob(deps, { jobId: rowId(jobId, 'Job', 'input.jobId') }) };
}

export async function retryJob(_root: unknown, { input: { jobId } }: JobArg, { deps }: Context) {
  return { job: await jobs.retryJob(deps, { jobId: rowId(jobId, 'Job', 'input.jobId') }) };
}

export function jobProgress(_root: unknown, { jobId }: { jobId: string }, ctx: Context) {
  const id = rowId(jobId, 'Job', 'jobId');
  return withFreshLoaders(ctx, (load) => followJob(ctx.deps, id, () => load()(jobById, id)));
}

export function jobUpdated(_root: unknown, { filter }: FilterArg, ctx: Context) {
  const wanted = asked(filter);
  return withFreshLoaders(ctx, (load) =>
    followJobs(ctx.deps, wanted, (since) => load()(changedJobsOfUser, { ...wanted, since })),
  );
}
