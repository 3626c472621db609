import { laneChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import { write } from '#domain/core/write.ts';
import { changeJob, lockJob } from '#domain/jobs/changes.ts';

/** Releases the jobs that have been held since a backup was restored, and returns how many. Safe to repeat. */
export async function releaseHeldJobs(deps: Deps): Promise<number> {
  const held = await deps.database.prisma.job.findMany({
    where: { heldAt: { not: null } },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  let released = 0;
  for (const { id } of held) if (await releaseJob(deps, id)) released += 1;
  return released;
}

function releaseJob(deps: Deps, id: string): Promise<boolean> {
  return write(deps, {
    action: 'job.release',
    async run({ about, ...change }) {
      const job = await lockJob(change.tx, id);
      if (!job?.heldAt) return false;
      const { lane } = deps.jobKinds[job.kind];
      const { priority, turn, requestedById: owner } = job;
      const engineJobId = hasEnded(job.status)
        ? job.engineJobId
        : await deps.queue.add(change.tx, { lane, jobId: id, priority, turn, owner });
      await changeJob({ ...change, now: deps.now() }, job, { engineJobId, heldAt: null });
      about({ type: 'Job', id }, { kind: job.kind });
      change.publish(laneChannel(lane));
      return true;
    },
  });
}
