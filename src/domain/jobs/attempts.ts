import type { Claim } from '#adapters/queue/queue.ts';
import { jobChannels, laneChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import type { JobChange, JobFailure } from '#domain/core/job-hooks.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import type { Json, Tx } from '#domain/core/transaction.ts';
import type { Job } from '#generated/prisma/client.ts';
import { changeJob, changingJobs, endCancelled, endFailed, errorColumns, lockJob } from './changes.ts';
import { backOffSeconds, WORKER_LOST } from './failures.ts';

/** A job as a worker has taken it; its `fence` tells this attempt from all others. */
export type Attempt = { job: Job; claim: Claim };

export type Progress = { fraction: number; stage: string | null; message: string | null };

/** What a handler knows of the job it runs, and all it may do to it. */
export type RunningJob = {
  id: string;
  /** Aborts when the job is cancelled, in other hands, or when the worker stops. The handler then gives up soon. */
  signal: AbortSignal;
  /** `fraction` from 0 to 1, of the attempt; a lower one than before is not shown. Written at most 4 times a second. */
  progress(update: { fraction: number; stage?: string | undefined; message?: string | undefined }): void;
  /** A transaction in which nobody else can take the job or cancel it. Throws AttemptEnded where somebody did before. */
  fenced<T>(change: (tx: Tx, publish: (channel: string) => void) => Promise<T>): Promise<T>;
  /**
   * The same for what is written too often for a transaction: one statement, which reads `FROM attempt`, a table of one
   * row; its own parameters begin with $3. Returns the rows; throws AttemptEnded where that is nothing for this reason.
   */
  fencedSql<Row extends Record<string, unknown>>(text: string, values: readonly unknown[]): Promise<Row[]>;
  /**
   * The handler's last act: like `fenced`, and the job has SUCCEEDED in the same transaction, with the answer as its
   * result. So what it writes is there once, however often the handler runs.
   */
  finish(change: (tx: Tx, publish: (channel: string) => void) => Promise<Json | undefined>): Promise<void>;
};

/**
 * An attempt has nothing more to do: its job was cancelled, is in other hands (or gone), or its worker stops; or what it
 * works on is gone, for a handler to say.
 */
export class AttemptEnded extends Error {
  override name = 'AttemptEnded';
  readonly because: 'cancelled' | 'superseded' | 'stopping' | 'targetGone';

  constructor(because: AttemptEnded['because']) {
    super(`The attempt is over: ${because}.`);
    this.because = because;
  }
}

/**
 * Begins an attempt. Null where there is nothing to do: the delivery is out of date, the job has ended, or it ends here
 * because it was cancelled or given up while no worker was heard of.
 */
export function claimJob(services: Services, claim: Claim): Promise<Attempt | null> {
  return changingJobs(services, async (change) => {
    const job = await lockJob(change.tx, claim.jobId);
    if (!job || hasEnded(job.status) || job.engineJobId !== claim.engineJobId) return null;
    if (!(await services.queue.holds(change.tx, claim))) return null;
    if (job.status === 'CANCELLING') await endCancelled(services, change, job);
    else if (job.attempt >= job.maxAttempts) await endFailed(services, change, job, WORKER_LOST);
    else return { claim, job: await begin(services, change, job) };
    return null;
  });
}

async function begin({ jobKinds }: Services, change: JobChange, job: Job): Promise<Job> {
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

const NO_PROGRESS = { progress: 0, stage: null, message: null };

/** Why the attempt is over, null while it is not. */
export async function checkAttempt(services: Services, attempt: Attempt): Promise<AttemptEnded | null> {
  return over(attempt, await services.database.prisma.job.findUnique({ where: { id: attempt.job.id } }));
}

function over({ job: { fence } }: Attempt, job: Job | null): AttemptEnded | null {
  if (job?.fence !== fence || hasEnded(job.status)) return new AttemptEnded('superseded');
  return job.status === 'CANCELLING' ? new AttemptEnded('cancelled') : null;
}

/** Changes nothing, and answers why, where the attempt is over. */
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

/** Runs a change as long as the attempt is not over, else throws AttemptEnded. */
export function fenced<T>(
  services: Services,
  attempt: Attempt,
  run: (change: JobChange, job: Job) => Promise<T>,
): Promise<T> {
  return changingJobs(services, async (change) => {
    const job = await lockJob(change.tx, attempt.job.id);
    const reason = over(attempt, job);
    if (reason) throw reason;
    return run(change, job as Job);
  });
}

/** The statement waits for whoever takes or cancels the job at the moment, and they for it. */
const ATTEMPT = `WITH attempt AS MATERIALIZED (
  SELECT fence FROM jobs WHERE id = $1 AND fence = $2 AND status = 'RUNNING' FOR SHARE)`;

export async function fencedSql<Row extends Record<string, unknown>>(
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

export function succeed(
  services: Services,
  attempt: Attempt,
  lastChange: (change: JobChange) => Promise<Json | undefined>,
): Promise<void> {
  return fenced(services, attempt, async (change, job) => {
    const result = await lastChange(change);
    await changeJob(change, job, {
      ...NO_PROGRESS,
      status: 'SUCCEEDED',
      progress: 1,
      finishedAt: change.now,
      ...errorColumns(null),
      ...(result === undefined ? {} : { result }),
    });
  });
}

/** Ends a failed attempt: CANCELLED where that was asked for, RETRYING where it may help, else FAILED; null where it was over. */
export function failAttempt(services: Services, attempt: Attempt, failure: JobFailure): Promise<Job | null> {
  return endAttempt(services, attempt, async (change, job) => {
    if (!failure.retryable || job.attempt >= job.maxAttempts) return endFailed(services, change, job, failure);
    await services.queue.requeue(change.tx, attempt.claim, backOffSeconds(job.attempt, failure));
    return changeJob(change, job, { status: 'RETRYING', ...errorColumns(failure) });
  });
}

/** Ends an attempt as CANCELLED, because that was asked for or nothing is left to work on. */
export function cancelAttempt(services: Services, attempt: Attempt): Promise<Job | null> {
  return endAttempt(services, attempt, (change, job) => endCancelled(services, change, job));
}

/** Undoes a take: the job waits again, for any worker, as if this attempt had never been. */
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
  return changingJobs(services, async (change) => {
    const job = await lockJob(change.tx, attempt.job.id);
    const reason = over(attempt, job);
    if (reason?.because === 'superseded') return null;
    return reason ? endCancelled(services, change, job as Job) : end(change, job as Job);
  });
}
