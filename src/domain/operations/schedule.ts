import { isOutage } from '#adapters/database/outages.ts';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { enqueue } from '#domain/core/enqueue.ts';
import type { NewJob } from '#domain/core/new-job.ts';
import { IN_BACKGROUND, runTransaction, type Tx } from '#domain/core/transaction.ts';

/** Work at set times, which the first process to notice does. */
export type Schedule = {
  name: string;
  /** The latest scheduled time that is not after a moment. */
  dueAt(moment: Date): Date;
  job: NewJob;
};

/** How often the clock is checked; nothing else is polled. */
const CHECK_EVERY_MS = 20_000;
/** The tolerated difference between the clocks of processes and the database. */
const CLOCK_TOLERANCE_MS = 3_600_000;

/**
 * Enqueues the job of a schedule when it is due, once however many processes follow it. Times that were missed while no process ran are
 * made up for by a single job; the very first process begins with the next time. Returns a function that stops it.
 */
export function followSchedule(services: Services, schedule: Schedule): () => Promise<void> {
  let begunAt = 0;
  const check = async () => {
    const dueAt = schedule.dueAt(services.now());
    if (dueAt.getTime() === begunAt) return;
    try {
      await beginIfDue(services, schedule, dueAt);
      begunAt = dueAt.getTime();
    } catch (error) {
      if (!isOutage(error))
        services.log.warn({ err: error, schedule: schedule.name }, 'a scheduled job could not be enqueued');
    }
  };
  let checking = check();
  const timer = setInterval(() => (checking = checking.then(check)), CHECK_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await checking;
  };
}

async function beginIfDue(services: Services, { name, job }: Schedule, dueAt: Date): Promise<void> {
  const deps: Deps = { ...services, actor: SYSTEM_ACTOR };
  await runTransaction(services, IN_BACKGROUND, async (change) => {
    const { count: isNew } = await change.tx.schedule.createMany({
      data: [{ name, startedAt: services.now(), lastDueAt: dueAt }],
      skipDuplicates: true,
    });
    if (isNew) return;
    const { count } = await change.tx.schedule.updateMany({
      where: { name, lastDueAt: { lt: dueAt } },
      data: { lastDueAt: dueAt },
    });
    if (count > 0) await enqueue(change, deps, job);
    else await resetFutureTime(change.tx, name, dueAt);
  });
}

/** Resets a time in the future, which a process with a wrong clock has recorded: until then nothing would be due. */
async function resetFutureTime(tx: Tx, name: string, dueAt: Date): Promise<void> {
  await tx.$executeRaw`UPDATE schedules SET last_due_at = ${dueAt}
    WHERE name = ${name} AND last_due_at > ${dueAt} AND last_due_at > now() + ${CLOCK_TOLERANCE_MS} * interval '1 ms'`;
}

/** Records that the work of a schedule succeeded, also if it was started by hand. */
export function noteSuccess(tx: Tx, name: string, now: Date): Promise<void> {
  return note(tx, name, now, { succeededAt: now });
}

/** Records that the work of a schedule failed for good. */
export function noteFailure(tx: Tx, name: string, now: Date): Promise<void> {
  return note(tx, name, now, { failedAt: now });
}

async function note(tx: Tx, name: string, now: Date, data: { succeededAt: Date } | { failedAt: Date }): Promise<void> {
  const create = { name, startedAt: now, lastDueAt: now, ...data };
  await tx.schedule.upsert({ where: { name }, create, update: data });
}
