import { laneChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import type { Job } from '#generated/prisma/client.ts';

/** What waits for something to happen sleeps no longer than this at a time: a year. */
const LONGEST_SLEEP_MS = 365 * 24 * 3_600_000;

/** Returns until when a job sleeps that wants to sleep until then (null: until it is woken); not at all where it was woken since it was claimed. */
export function sleepUntil(claimed: Job, job: Job, until: Date | null, now: Date): Date {
  if (job.wakes !== claimed.wakes) return now;
  const latest = now.getTime() + LONGEST_SLEEP_MS;
  return new Date(Math.max(now.getTime(), Math.min(until?.getTime() ?? latest, latest)));
}

/**
 * Makes a job look again: one that sleeps is delivered now, one that runs goes on once more before it sleeps. Others that change the
 * job wait from here until the commit.
 */
export async function wakeJob(
  { tx, publish }: TransactionChange,
  { queue, jobKinds, now }: Pick<Services, 'queue' | 'jobKinds' | 'now'>,
  id: string,
): Promise<void> {
  const [job] = await tx.job.updateManyAndReturn({ where: { id }, data: { wakes: { increment: 1 } } });
  if (!job?.sleepsUntil) return;
  const { lane } = jobKinds[job.kind];
  await tx.job.update({ where: { id }, data: { sleepsUntil: now() }, select: { id: true } });
  await queue.deliverNow(tx, { lane, engineJobId: job.engineJobId });
  publish(laneChannel(lane));
}
