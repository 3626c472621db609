import { isAdmin } from '#domain/core/actor.ts';
import { jobCancelChannel, laneChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import { ENDED, hasEnded, isWaiting } from '#domain/core/job-states.ts';
import { reserveQueueSlot } from '#domain/core/queue-slots.ts';
import { type LockedTable, lockRow } from '#domain/core/row-locks.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { type Job, Prisma } from '#generated/prisma/client.ts';
import { changeJob, endCancelled, errorColumns, lockJob } from './changes.ts';

type JobToChange = WithIdempotencyKey & { jobId: string };

/**
 * Cancels a job: a waiting one at once, a running one as soon as its worker notices (CANCELLING until then). Cancelling it again is no
 * error. For its owner and ADMINs. Throws NotFound; Conflict if it has ended; IdempotencyConflict.
 */
export function cancelJob(deps: Deps, input: JobToChange): Promise<Job> {
  return changeOwnJob(deps, 'job.cancel', input, async (change, job) => {
    const { id: jobId } = job;
    if (hasEnded(job.status))
      throw new Conflict(`This job has ended: it is ${job.status}.`, { jobId, status: job.status });
    return cancelLockedJob(deps, change, job);
  });
}

/** Cancels an open job that the caller has locked, as part of another change. */
export async function cancelLockedJob(deps: Deps, change: JobChange, job: Job): Promise<Job> {
  if (job.status === 'CANCELLING') return job;
  if (isWaiting(job.status) || job.sleepsUntil) {
    await deps.queue.remove(change.tx, { lane: deps.jobKinds[job.kind].lane, engineJobId: job.engineJobId });
    return endCancelled(deps, change, job);
  }
  change.publish(jobCancelChannel(job.id));
  return changeJob(change, job, { status: 'CANCELLING' });
}

/**
 * Puts a job that FAILED or was CANCELLED into the queue again, with all of its attempts. For its owner and ADMINs. Throws NotFound;
 * Conflict in any other status, and if another job does the same by now or it can no longer be done; Forbidden; QueueFull;
 * IdempotencyConflict.
 */
export function retryJob(deps: Deps, input: JobToChange): Promise<Job> {
  return changeOwnJob(deps, 'job.retry', input, async (change, job) => {
    const { id: jobId } = job;
    if (job.status !== 'FAILED' && job.status !== 'CANCELLED') {
      throw new Conflict(`Only a job that is FAILED or CANCELLED can be retried; this one is ${job.status}.`, {
        jobId,
        status: job.status,
      });
    }
    const { lane, hooks, maxAttempts } = deps.jobKinds[job.kind];
    await hooks.onRetry?.(change, job);
    await assertNoRival(change, job);
    const { priority, requestedById: userId } = job;
    const turn = await reserveQueueSlot(change.tx, deps, { lane, priority, userId });
    const engineJobId = await deps.queue.add(change.tx, { lane, jobId, priority, turn, owner: userId });
    change.publish(laneChannel(lane));
    return changeJob(change, job, { ...AS_NEW, maxAttempts, engineJobId, turn, queuedAt: change.now });
  });
}

/**
 * The columns of a job that has not begun. `fence` is not among them: it keeps growing, so that late writes of earlier attempts are
 * recognized.
 */
const AS_NEW = {
  status: 'QUEUED',
  attempt: 0,
  progress: 0,
  stage: null,
  message: null,
  result: Prisma.DbNull,
  startedAt: null,
  finishedAt: null,
  sleepsUntil: null,
  ...errorColumns(null),
} as const;

/** The rows that those lock who enqueue a job unless there is one; `onRetry` locks those of other subjects. */
const LOCKED_SUBJECTS: Partial<Record<string, LockedTable>> = {
  Conversation: 'conversations',
  Message: 'messages',
  Memory: 'memories',
  User: 'users',
};

/** Locks the subject of a job, so that no other job of it is enqueued or retried meanwhile. Throws Conflict if there is one. */
async function assertNoRival({ tx }: JobChange, { kind, subjectType, subjectId }: Job): Promise<void> {
  if (!subjectId) return;
  const table = subjectType && LOCKED_SUBJECTS[subjectType];
  if (table) await lockRow(tx, table, subjectId);
  const rival = await tx.job.findFirst({ where: { kind, subjectId, status: { notIn: [...ENDED] } } });
  if (rival) throw new Conflict('Another job is doing the same.', { jobId: rival.id, status: rival.status });
}

function changeOwnJob(
  deps: Deps,
  action: string,
  { jobId, idempotencyKey }: JobToChange,
  run: (change: JobChange, job: Job) => Promise<Job>,
): Promise<Job> {
  return writeAndLoad(deps, {
    action,
    once: { key: idempotencyKey, input: { jobId } },
    async run({ about, ...change }) {
      const job = await lockJob(change.tx, jobId);
      if (!job || !mayChange(deps, job)) throw new NotFound('job');
      const latest = await run({ ...change, now: deps.now() }, job);
      if (latest.version > job.version) about({ type: 'Job', id: jobId }, { kind: job.kind, status: job.status });
    },
    what: 'job',
    load: (_, tx) => tx.job.findUnique({ where: { id: jobId } }),
  });
}

function mayChange({ actor }: Deps, job: Job): boolean {
  return job.requestedById === actor.userId || isAdmin(actor);
}
