import { v7 as uuidv7 } from 'uuid';
import { userOf } from './actor.ts';
import { jobChannels, laneChannel, QUEUE_CHANNEL } from './channels.ts';
import type { Deps } from './deps.ts';
import type { NewJob } from './new-job.ts';
import { reserveQueueSlot } from './queue-slots.ts';
import type { TransactionChange } from './transaction.ts';

/**
 * Adds a job of the actor to the queue, as part of the transaction. From here until the commit, everybody else who enqueues a long
 * job waits, so call it late. Throws Forbidden, QueueFull.
 */
export async function enqueue(
  { tx, publish, changed }: TransactionChange,
  deps: Deps,
  job: NewJob,
): Promise<{ id: string }> {
  const { lane, maxAttempts } = deps.jobKinds[job.kind];
  const id = uuidv7();
  const requestedById = userOf(deps.actor);
  const priority = job.priority ?? 'NORMAL';
  const turn = await reserveQueueSlot(tx, deps, { lane, priority, userId: requestedById });
  const now = deps.now();
  await tx.job.create({
    data: {
      id,
      kind: job.kind,
      priority,
      turn,
      maxAttempts,
      engineJobId: await deps.queue.add(tx, { lane, jobId: id, priority, turn, owner: requestedById }),
      subjectType: job.subject?.type ?? null,
      subjectId: job.subject?.id ?? null,
      payload: job.payload,
      requestedById,
      queuedAt: now,
      updatedAt: now,
    },
  });
  if (requestedById) changed({ ownerId: requestedById, type: 'JOB', id });
  for (const channel of [laneChannel(lane), QUEUE_CHANNEL, ...jobChannels({ id, requestedById })]) publish(channel);
  return { id };
}
