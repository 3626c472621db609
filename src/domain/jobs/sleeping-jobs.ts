import { laneChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import type { Job } from '#generated/prisma/client.ts';

/** The longest sleep of a job that waits to be woken: a year. */
const LONGEST_SLEEP_MS = 365 * 24 * 3_600_000;

/**
 * Returns until when a job sleeps that asks to sleep until `until` (null: until it is woken): not at all if it was woken since it was
 * claimed.
 */
export function sleepUntil(claimed: Job, job: Job, until: Date | null, now: Date): Date {
  if (job.wakes !== claimed.wakes) return now;
  const latest = now.getTime() + LONGEST_SLEEP_MS;
  return new Date(Math.max(now.getTime(), Math.min(until?.getTime() ?? latest, latest)));
}

/**
 * Wakes a job: a sleeping one is delivered now, a running one runs once more before it sleeps. Others that change the job wait from here
 * until the commit.
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
