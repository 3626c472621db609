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

/** The reader's own jobs that pass the filter and were changed (`updatedAt`) at or after a time, in the order of their changes. */
export type ReadChangedJobs = (changedSince: Date, filter: JobFilter) => Promise<readonly Job[]>;

/**
 * How far every look reaches back before the one before it: a change carries the time at which its transaction began, by
 * the clock of the machine that made it, and is seen when it commits.
 */
const OVERLAP_MS = 120_000;

/** What has been shown of a job; anything newer is news. */
type Shown = Pick<Job, 'version' | 'updatedAt'>;

/** Follows every job of the actor's that changes from now on, in its newest state, until the reader leaves. */
export function followJobs(
  { pubsub, now, actor }: Deps,
  filter: JobFilter,
  read: ReadChangedJobs,
): AsyncGenerator<Job> {
  return watchChannels(pubsub, [userJobsChannel(actor.userId)], async function* (watch) {
    const reachBack = () => new Date(now().getTime() - OVERLAP_MS);
    let since = reachBack();
    let shown = new Map<string, Shown>(
      (await read(since, filter)).map(({ id, version, updatedAt }) => [id, { version, updatedAt }]),
    );
    while (await watch.woken()) {
      const next = reachBack();
      for (const job of (await watch.read(() => read(since, filter))) ?? []) {
        if (job.version <= (shown.get(job.id)?.version ?? 0)) continue;
        shown.set(job.id, { version: job.version, updatedAt: job.updatedAt });
        yield job;
      }
      since = next;
      shown = new Map([...shown].filter(([, { updatedAt }]) => updatedAt >= next));
    }
  });
}
