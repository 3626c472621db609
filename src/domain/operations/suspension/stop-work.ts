import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import { jobCancelChannel } from '#domain/core/channels.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { AWAITED, runTransaction } from '#domain/core/transaction.ts';
import { wakeJob } from '#domain/jobs/sleeping-jobs.ts';
import { cancelOwnCalls } from '#domain/sales/calls/ending/cancel-call.ts';
import type { User } from '#generated/prisma/client.ts';

/**
 * Stops the work of a user who was suspended: makes workers look at their running jobs at once, wakes the sleeping ones, as those of
 * campaigns, and those about to sleep, and ends their calls, or only those that nobody has answered yet. Jobs that begin meanwhile fail
 * as soon as a worker looks at them, and waiting jobs when they are delivered: no worker runs a job of a suspended user. Continues after
 * failures, and throws the last one.
 */
export async function stopWork(
  deps: Deps,
  { id: userId, role }: Pick<User, 'id' | 'role'>,
  calls: 'all calls' | 'unanswered calls',
): Promise<void> {
  const failures: unknown[] = [];
  const keep = (error: unknown) => void failures.push(error);
  const running = await deps.database.prisma.job.findMany({
    where: { requestedById: userId, status: 'RUNNING' },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  for (const { id } of running) await stopJob(deps, id).catch(keep);
  const owner = { ...deps.actor, userId, role, scopes: ['READ', 'WRITE'] as const };
  await cancelOwnCalls({ ...deps, actor: owner }, calls === 'all calls' ? undefined : 'unless answered').catch(keep);
  if (failures.length > 0) throw failures.at(-1);
}

/**
 * Stops the work of suspended users whose jobs still sleep, because the process that suspended them was killed before it had stopped
 * everything. Safe to repeat.
 */
export async function stopLeftWork(services: Services): Promise<void> {
  const left = await services.database.prisma.job.findMany({
    where: {
      status: 'RUNNING',
      sleepsUntil: { gt: services.now() },
      requestedBy: { suspendedAt: { not: null } },
    },
    distinct: ['requestedById'],
    select: { requestedBy: { select: { id: true, role: true } } },
  });
  const deps = { ...services, actor: SYSTEM_ACTOR };
  for (const { requestedBy } of left) {
    if (!requestedBy) continue;
    await stopWork(deps, requestedBy, 'unanswered calls').catch((error: unknown) =>
      services.log.warn({ err: error, userId: requestedBy.id }, 'work of a suspended user is stopped in an hour'),
    );
  }
}

/** In a transaction of its own: whoever ends a call locks its job, and then that of its campaign, which is the older one. */
function stopJob(deps: Deps, id: string): Promise<void> {
  return runTransaction(deps, AWAITED, async (change) => {
    await wakeJob(change, deps, id);
    change.publish(jobCancelChannel(id));
  });
}
