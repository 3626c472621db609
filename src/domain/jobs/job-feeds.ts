import { jobChannel, userJobsChannel } from '#domain/core/channels.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import { followState } from '#domain/live/state-feed.ts';
import { watchChannels } from '#domain/live/watch-channels.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { JobKind, JobStatus } from '#generated/prisma/enums.ts';

/**
 * Follows a job: as it is, then its newest state after each change: states may be skipped where they come faster than they are
 * read, but never the last, after which it completes. `read` returns null for a job that is not the reader's. Throws NotFound.
 */
export function followJob(
  { pubsub }: Services,
  jobId: string,
  read: (jobId: string) => Promise<Job | null>,
): AsyncGenerator<Job> {
  return followState(pubsub, {
    channels: [jobChannel(jobId)],
    read: () => read(jobId),
    signature: ({ version }) => version,
    isLast: ({ status }) => hasEnded(status),
    missing: () => new NotFound('job'),
  });
}

/** Which jobs are meant; what is null or left out is any. */
export type JobFilter = {
  kinds?: readonly JobKind[] | null | undefined;
  statuses?: readonly JobStatus[] | null | undefined;
  subjectId?: string | null | undefined;
};

/** The state that a job has had since its last change. */
export type JobVersion = Pick<Job, 'id' | 'version' | 'updatedAt'>;

/** How the jobs of a reader are read. */
export type ReadJobs = {
  /** The versions of those that pass the filter and come `after` in the order of their changes: the next MAX_CHANGES_READ. */
  changes(after: Pick<JobVersion, 'id' | 'updatedAt'>, filter: JobFilter): Promise<readonly JobVersion[]>;
  job(id: string): Promise<Job | null>;
};

/** How many changes are read at a time. */
export const MAX_CHANGES_READ = 500;

/**
 * How far every look reaches back before the one before it: a change carries the time at which its transaction began, by
 * the clock of the machine that made it, and is seen when it commits.
 */
const OVERLAP_MS = 120_000;

/** Comes before the id of any job. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Follows every job of the actor's that changes from now on, in its newest state, until the reader leaves. */
export function followJobs({ pubsub, now, actor }: Deps, filter: JobFilter, read: ReadJobs): AsyncGenerator<Job> {
  return watchChannels(pubsub, [userJobsChannel(actor.userId)], async function* (watch) {
    const reachBack = () => new Date(now().getTime() - OVERLAP_MS);
    let since = reachBack();
    let shown = new Map<string, JobVersion>();
    for await (const change of changesSince(since, (after) => read.changes(after, filter)))
      shown.set(change.id, change);
    while (await watch.woken()) {
      const next = reachBack();
      const changes = changesSince(since, async (after) => (await watch.read(() => read.changes(after, filter))) ?? []);
      for await (const change of changes) {
        if (change.version <= (shown.get(change.id)?.version ?? 0)) continue;
        const job = await watch.read(() => read.job(change.id));
        if (job?.version !== change.version) continue; // it has changed again, of which there is a wake, or is gone
        shown.set(change.id, change);
        yield job;
      }
      since = next;
      shown = new Map([...shown].filter(([, { updatedAt }]) => updatedAt >= next));
    }
  });
}

/** All changes since a time, in order. */
async function* changesSince(
  since: Date,
  read: (after: Pick<JobVersion, 'id' | 'updatedAt'>) => Promise<readonly JobVersion[]>,
): AsyncGenerator<JobVersion> {
  let after: Pick<JobVersion, 'id' | 'updatedAt'> = { id: FIRST_ID, updatedAt: since };
  for (;;) {
    const changes = await read(after);
    yield* changes;
    const last = changes.at(-1);
    if (!last || changes.length < MAX_CHANGES_READ) return;
    after = last;
  }
}
