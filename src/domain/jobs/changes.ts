import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import { jobChannels, QUEUE_CHANNEL } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { enqueue } from '#domain/core/enqueue.ts';
import type { JobChange, JobFailure } from '#domain/core/job-hooks.ts';
import type { NewJob } from '#domain/core/new-job.ts';
import { runTransaction, type Tx } from '#domain/core/transaction.ts';
import { jobEnded } from '#domain/webhooks/events.ts';
import type { Job, Prisma } from '#generated/prisma/client.ts';

/**
 * Such a transaction may conclude minutes of work, so it waits for locks longer than a user's write does: as long as
 * statement_timeout allows.
 */
const LIMITS = { timeoutMs: 60_000, lockWaitMs: 10_000 };

/** Runs a change made by a worker, and publishes it after the commit. Changes made by users go through `write`. */
export function inJobTransaction<T>(services: Services, run: (change: JobChange) => Promise<T>): Promise<T> {
  return runTransaction(services, LIMITS, (change) => run({ ...change, now: services.now() }));
}

/**
 * Locks the job until the transaction ends, and returns it. It is always locked before pg-boss's row, so that no two transactions
 * deadlock.
 */
export async function lockJob(tx: Tx, id: string): Promise<Job | null> {
  await tx.$queryRaw`SELECT id FROM jobs WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.job.findUnique({ where: { id } });
}

/** Changes a job and publishes the change. Every change that subscribers can see goes through here or `writeProgress`. */
export async function changeJob(
  { tx, now, publish, changed }: JobChange,
  { id }: Job,
  data: Prisma.JobUncheckedUpdateInput,
): Promise<Job> {
  const job = await tx.job.update({ where: { id }, data: { ...data, version: { increment: 1 }, updatedAt: now } });
  for (const channel of [QUEUE_CHANNEL, ...jobChannels(job)]) publish(channel);
  if (job.requestedById) changed({ ownerId: job.requestedById, type: 'JOB', id });
  return job;
}

/** Ends a job as CANCELLED, and runs its hook. */
export async function endCancelled(
  { jobKinds }: Pick<Services, 'jobKinds'>,
  change: JobChange,
  job: Job,
): Promise<Job> {
  const ends = { status: 'CANCELLED', finishedAt: change.now, sleepsUntil: null, heldAt: null } as const;
  const ended = await changeJob(change, job, ends);
  if (ended.requestedById) change.emit(jobEnded(ended.requestedById, ended));
  await jobKinds[job.kind].hooks.onCancelled?.(change, ended);
  return ended;
}

/** Ends a job as FAILED, and runs its hook. */
export async function endFailed(services: Services, change: JobChange, job: Job, failure: JobFailure): Promise<Job> {
  const ends = { status: 'FAILED', finishedAt: change.now, sleepsUntil: null, ...errorColumns(failure) } as const;
  const ended = await changeJob(change, job, ends);
  if (ended.requestedById) change.emit(jobEnded(ended.requestedById, ended));
  const follow = (next: NewJob) => enqueue(change, { ...services, actor: SYSTEM_ACTOR }, next);
  await services.jobKinds[job.kind].hooks.onFailed?.({ ...change, enqueue: follow }, ended, failure);
  return ended;
}

/** The columns of a job or an episode that hold why it failed; all null if it did not. */
export function errorColumns(failure: JobFailure | null) {
  return {
    errorCode: failure?.code ?? null,
    errorMessage: failure?.message ?? null,
    errorRetryable: failure?.retryable ?? null,
  };
}
