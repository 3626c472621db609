import { v7 as uuidv7 } from 'uuid';
import type { Lane } from '#adapters/queue/queue.ts';
import type { JobKind, JobPriority } from '#generated/prisma/enums.ts';
import { jobChannels, laneChannel } from './channels.ts';
import type { Deps } from './deps.ts';
import { QueueFull } from './errors.ts';
import { kindsOf, LIMITED_LANE } from './job-kinds.ts';
import { WAITING } from './job-states.ts';
import type { Json, Subject, Tx } from './transaction.ts';

/** A job to be added to the queue. */
export type NewJob = {
  kind: JobKind;
  /** What it is about. */
  subject?: Subject;
  payload: Json;
  priority?: JobPriority | null | undefined;
};

/**
 * Adds a job to the queue, for the actor, as part of the transaction; `publish` is to wake after its commit. Others that
 * enqueue long jobs wait from here until then, so call it late. Throws QueueFull.
 */
export async function enqueue(
  tx: Tx,
  deps: Deps,
  job: NewJob,
  publish: (channel: string) => void,
): Promise<{ id: string }> {
  const { lane, maxAttempts } = deps.jobKinds[job.kind];
  const id = uuidv7();
  const requestedById = deps.actor.userId;
  const priority = job.priority ?? 'NORMAL';
  await reserveQueueSlot(tx, deps, lane);
  const now = deps.now();
  await tx.job.create({
    data: {
      id,
      kind: job.kind,
      priority,
      maxAttempts,
      engineJobId: await deps.queue.add(tx, { lane, jobId: id, priority }),
      subjectType: job.subject?.type ?? null,
      subjectId: job.subject?.id ?? null,
      payload: job.payload,
      requestedById,
      queuedAt: now,
      updatedAt: now,
    },
  });
  for (const channel of [laneChannel(lane), ...jobChannels({ id, requestedById })]) publish(channel);
  return { id };
}

/**
 * Makes sure that one more job may wait in the lane. The lock, kept until the transaction ends, makes enqueuers come one by one:
 * without it, fifty that come together would each count the same free place. The embedded database, where such locks
 * exclude nobody, runs transactions one by one anyway.
 */
export async function reserveQueueSlot(
  tx: Tx,
  { limits, jobKinds }: Pick<Deps, 'limits' | 'jobKinds'>,
  lane: Lane,
): Promise<void> {
  if (lane !== LIMITED_LANE) return;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`parley:${laneChannel(lane)}`}))`;
  const waiting = await tx.job.count({
    where: { status: { in: [...WAITING] }, kind: { in: kindsOf(jobKinds, lane) } },
  });
  if (waiting >= limits.maxQueueSize) throw new QueueFull(limits.maxQueueSize);
}
