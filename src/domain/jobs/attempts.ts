import type { Claim } from '#adapters/queue/queue.ts';
import { jobChannels, laneChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import type { JobChange, JobFailure } from '#domain/core/job-hooks.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import type { Json, Tx } from '#domain/core/transaction.ts';
import { jobEnded } from '#domain/webhooks/events.ts';
import type { Job } from '#generated/prisma/client.ts';
import { changeJob, endCancelled, endFailed, errorColumns, inJobTransaction, lockJob } from './changes.ts';
import { backOffSeconds, SUSPENDED, WORKER_LOST } from './failures.ts';
import { AttemptEnded, type Progress } from './running-job.ts';
import { sleepUntil } from './sleeping-jobs.ts';

/** A job that a worker has claimed. Its `fence` distinguishes this attempt from all others. */
export type Attempt = { job: Job; claim: Claim };

/**
 * Claims a delivered job, and begins an attempt. Returns null if there is nothing to do: the delivery is outdated, the job has ended,
 * or it ends here because it was cancelled, because its user is suspended, or because its workers died too often.
 */
export function claimJob(services: Services, claim: Claim): Promise<Attempt | null> {
  return inJobTransaction(services, async (change) => {
    const job = await lockJob(change.tx, claim.jobId);
    if (!job || hasEnded(job.status) || job.engineJobId !== claim.engineJobId) return null;
    if (!(await services.queue.holds(change.tx, claim))) return null;
    if (job.status === 'CANCELLING') await endCancelled(services, change, job);
    else if (await isSuspended(change.tx, job)) await endFailed(services, change, job, SUSPENDED);
    else if (job.sleepsUntil) return { claim, job: await wakeUp(change, job) };
    else if (job.attempt >= job.maxAttempts) await endFailed(services, change, job, WORKER_LOST);
    else return { claim, job: await startAttempt(services, change, job) };
    return null;
  });
}

/** Whether the user who requested a job is suspended. */
async function isSuspended(db: Pick<Tx, 'user'>, { requestedById: id }: Job): Promise<boolean> {
  return id !== null && (await db.user.count({ where: { id, suspendedAt: { not: null } } })) > 0;
}

async function startAttempt({ jobKinds }: Services, change: JobChange, job: Job): Promise<Job> {
  const begun = await changeJob(change, job, {
    status: 'RUNNING',
    attempt: { increment: 1 },
    fence: { increment: 1 },
    startedAt: change.now,
    ...NO_PROGRESS,
  });
  await jobKinds[job.kind].hooks.onStart?.(change, begun);
  return begun;
}

/** Continues an attempt that has slept, without announcing a new one. */
function wakeUp({ tx }: JobChange, { id }: Job): Promise<Job> {
  return tx.job.update({ where: { id }, data: { sleepsUntil: null, fence: { increment: 1 } } });
}

const NO_PROGRESS = { progress: 0, stage: null, message: null };

/** Returns why the attempt has ended; null while it has not. */
export async function checkAttempt(services: Services, attempt: Attempt): Promise<AttemptEnded | null> {
  const job = await services.database.prisma.job.findUnique({
    where: { id: attempt.job.id },
    include: { requestedBy: { select: { suspendedAt: true } } },
  });
  return attemptEnd(attempt, job) ?? (job?.requestedBy?.suspendedAt ? new AttemptEnded('suspended') : null);
}

function attemptEnd({ job: { fence } }: Attempt, job: Job | null): AttemptEnded | null {
  if (job?.fence !== fence || hasEnded(job.status)) return new AttemptEnded('superseded');
  return job.status === 'CANCELLING' ? new AttemptEnded('cancelled') : null;
}

/** Writes the progress of the attempt. If the attempt has ended, changes nothing and returns why, else null. */
export async function writeProgress(
  services: Services,
  attempt: Attempt,
  { fraction, stage, message }: Progress,
): Promise<AttemptEnded | null> {
  const { id, fence } = attempt.job;
  const { count } = await services.database.prisma.job.updateMany({
    where: { id, fence, status: 'RUNNING' },
    data: { progress: fraction, stage, message, version: { increment: 1 }, updatedAt: services.now() },
  });
  if (count === 0) return checkAttempt(services, attempt);
  for (const channel of jobChannels(attempt.job)) services.pubsub.publish(channel);
  return null;
}

/**
 * Runs a change in a transaction during which the attempt cannot end. `lockFirst` takes the locks that come before jobs in the lock
 * order. Throws AttemptEnded if the attempt has already ended.
 */
export function writeFenced<T>(
  services: Services,
  attempt: Attempt,
  run: (change: JobChange, job: Job) => Promise<T>,
  lockFirst?: (tx: Tx) => Promise<unknown>,
): Promise<T> {
  return inJobTransaction(services, async (change) => {
    await lockFirst?.(change.tx);
    const job = await lockJob(change.tx, attempt.job.id);
    const reason = attemptEnd(attempt, job);
    if (reason) throw reason;
    return run(change, job as Job);
  });
}

/**
 * Resets the count of attempts, so that the job may be retried as often as after its first. Requires the job's lock, as in `writeFenced`.
 */
export async function giveAttemptsBack({ jobKinds }: Services, { job }: Attempt, tx: Tx): Promise<void> {
  const { maxAttempts } = jobKinds[job.kind];
  await tx.$executeRaw`
    UPDATE jobs SET max_attempts = greatest(max_attempts, attempt - 1 + ${maxAttempts}::int) WHERE id = ${job.id}::uuid`;
}

/** Selects one row while the attempt is running. The row lock makes it exclusive with claiming and cancelling the job. */
const ATTEMPT = `WITH attempt AS MATERIALIZED (
  SELECT fence FROM jobs WHERE id = $1 AND fence = $2 AND status = 'RUNNING' FOR SHARE)`;

/**
 * Runs one statement that reads `FROM attempt`, a table with one row while the attempt is running; the statement's own parameters begin
 * with $3. Throws AttemptEnded if it returns nothing because the attempt has ended.
 */
export async function queryFenced<Row extends Record<string, unknown>>(
  services: Services,
  attempt: Attempt,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const { id, fence } = attempt.job;
  const rows = await services.database.sql<Row>(`${ATTEMPT} ${text}`, [id, fence, ...values]);
  const reason = rows.length === 0 ? await checkAttempt(services, attempt) : null;
  if (reason) throw reason;
  return rows;
}

/** Ends the attempt, and the job as SUCCEEDED, in the transaction of the last change, which returns the job's result. */
export function succeed(
  services: Services,
  attempt: Attempt,
  lastChange: (change: JobChange) => Promise<Json | undefined>,
): Promise<void> {
  return writeFenced(services, attempt, async (change, job) => {
    const result = await lastChange(change);
    const ended = await changeJob(change, job, {
      ...NO_PROGRESS,
      status: 'SUCCEEDED',
      progress: 1,
      finishedAt: change.now,
      ...errorColumns(null),
      ...(result === undefined ? {} : { result }),
    });
    if (ended.requestedById) change.emit(jobEnded(ended.requestedById, ended));
  });
}

/**
 * Puts the job to sleep until a time, or with null until it is woken. Meanwhile no worker has it, and its user sees it as RUNNING.
 * Resets the count of attempts, because the job has made progress. Throws AttemptEnded, also if its user is suspended: nothing would
 * wake it.
 */
export function sleepAttempt(services: Services, attempt: Attempt, until: Date | null): Promise<void> {
  return writeFenced(services, attempt, async ({ tx, publish, now }, job) => {
    if (await isSuspended(tx, job)) throw new AttemptEnded('suspended');
    const sleepsUntil = sleepUntil(attempt.job, job, until, now);
    const delaySeconds = (sleepsUntil.getTime() - now.getTime()) / 1_000;
    await services.queue.requeue(tx, attempt.claim, delaySeconds);
    await tx.job.update({
      where: { id: job.id },
      data: { sleepsUntil, attempt: 1, fence: { increment: 1 } },
      select: { id: true },
    });
    if (delaySeconds === 0) publish(laneChannel(attempt.claim.lane));
  });
}

/**
 * Ends a failed attempt: the job becomes CANCELLED if that was asked for, RETRYING if a retry may help, else FAILED. Returns null if the
 * attempt had ended before.
 */
export function failAttempt(services: Services, attempt: Attempt, failure: JobFailure): Promise<Job | null> {
  return endAttempt(services, attempt, async (change, job) => {
    if (!failure.retryable || job.attempt >= job.maxAttempts) return endFailed(services, change, job, failure);
    const pause = backOffSeconds(countedAttempts(services, job), failure);
    await services.queue.requeue(change.tx, attempt.claim, pause);
    return changeJob(change, job, { status: 'RETRYING', ...errorColumns(failure) });
  });
}

/** Returns the number of the attempt, not counting those before the last reset. */
function countedAttempts({ jobKinds }: Services, { kind, attempt, maxAttempts }: Job): number {
  const givenBack = Math.max(0, maxAttempts - jobKinds[kind].maxAttempts);
  return Math.max(1, attempt - givenBack);
}

/** Ends an attempt and its job as CANCELLED, because that was asked for, or because the target is gone. */
export function cancelAttempt(services: Services, attempt: Attempt): Promise<Job | null> {
  return endAttempt(services, attempt, (change, job) => endCancelled(services, change, job));
}

/** Ends an attempt and its job as FAILED, because the user was suspended. Returns null if the attempt had ended before. */
export function endSuspended(services: Services, attempt: Attempt): Promise<Job | null> {
  return endAttempt(services, attempt, (change, job) => endFailed(services, change, job, SUSPENDED));
}

/** Undoes a claim: the job waits again, for any worker, as if this attempt had never begun. */
export function releaseJob(services: Services, attempt: Attempt): Promise<Job | null> {
  return endAttempt(services, attempt, async (change, job) => {
    await services.queue.requeue(change.tx, attempt.claim, 0);
    change.publish(laneChannel(attempt.claim.lane));
    return changeJob(change, job, {
      ...NO_PROGRESS,
      status: 'QUEUED',
      attempt: { decrement: 1 },
      fence: { increment: 1 },
      startedAt: null,
    });
  });
}

function endAttempt(
  services: Services,
  attempt: Attempt,
  end: (change: JobChange, job: Job) => Promise<Job>,
): Promise<Job | null> {
  return inJobTransaction(services, async (change) => {
    const job = await lockJob(change.tx, attempt.job.id);
    const reason = attemptEnd(attempt, job);
    if (reason?.because === 'superseded') return null;
    return reason ? endCancelled(services, change, job as Job) : end(change, job as Job);
  });
}
