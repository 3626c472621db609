import { jobChannel, QUEUE_CHANNEL, userJobsChannel } from '#domain/core/channels.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import { followState } from '#domain/live/state-feed.ts';
import { watchChannels } from '#domain/live/watch-channels.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { JobKind, JobStatus } from '#generated/prisma/enums.ts';
import type { QueueStats } from './queue-stats.ts';

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

/** How often a follower of the queue looks at most: as often as people can read numbers. */
export const QUEUE_STATS_EVERY_MS = 1_000;

/** Follows how busy the queue is: as it is now, then after jobs came, began or ended, until the reader leaves. */
export function followQueueStats(
  { pubsub }: Pick<Services, 'pubsub'>,
  read: () => Promise<QueueStats>,
): AsyncGenerator<QueueStats> {
  return followState(pubsub, {
    channels: [QUEUE_CHANNEL],
    read,
    signature: ({ oldestQueuedSeconds: _, ...counts }) => JSON.stringify(counts),
    missing: () => new Error('There always is a queue.'),
    everyMs: QUEUE_STATS_EVERY_MS,
  });
}

/** Which jobs are meant; null is any. */
export type JobFilter = {
  kinds: readonly JobKind[] | null;
  statuses: readonly JobStatus[] | null;
  subjectId: string | null;
  queuedFrom: Date | null;
  queuedBefore: Date | null;
  errorContains: string | null;
};

/** The state that a job has had since its last change. */
export type JobVersion = Pick<Job, 'id' | 'version' | 'updatedAt'>;

/** How the jobs of a reader are read, as far as they pass the filter. */
export type ReadJobs = {
  /** The versions of those that have not ended and come `after` in the order of their ids: the next MAX_CHANGES_READ. */
  open(after: string): Promise<readonly JobVersion[]>;
  /** The versions of those that come `after` in the order of their changes: the next MAX_CHANGES_READ. */
  changes(after: Pick<JobVersion, 'id' | 'updatedAt'>): Promise<readonly JobVersion[]>;
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

/**
 * Yields every job of the actor's that has not ended, then each that changes from now on, in its newest state, until the reader
 * leaves.
 */
export function followJobs({ pubsub, now, actor }: Deps, read: ReadJobs): AsyncGenerator<Job> {
  return watchChannels(pubsub, [userJobsChannel(actor.userId)], async function* (watch) {
    const reachBack = () => new Date(now().getTime() - OVERLAP_MS);
    let since = reachBack();
    let shown = new Map<string, JobVersion>();
    const show = async function* (versions: AsyncIterable<JobVersion>) {
      for await (const version of versions) {
        if (version.version <= (shown.get(version.id)?.version ?? 0)) continue;
        const job = await watch.read(() => read.job(version.id));
        if (job?.version !== version.version) continue; // it has changed again, of which there is a wake, or is gone
        shown.set(version.id, version);
        yield job;
      }
    };
    const seen = new Map<string, JobVersion>();
    for await (const change of changesSince(since, read.changes)) seen.set(change.id, change);
    yield* show(inPages(FIRST_ID, ({ id }) => id, read.open));
    for (const [id, change] of seen) if (!shown.has(id)) shown.set(id, change);
    while (await watch.woken()) {
      const next = reachBack();
      yield* show(changesSince(since, async (after) => (await watch.read(() => read.changes(after))) ?? []));
      since = next;
      shown = new Map([...shown].filter(([, { updatedAt }]) => updatedAt >= next));
    }
  });
}

/** All changes since a time, in order. */
function changesSince(
  since: Date,
  read: (after: Pick<JobVersion, 'id' | 'updatedAt'>) => Promise<readonly JobVersion[]>,
): AsyncGenerator<JobVersion> {
  return inPages<Pick<JobVersion, 'id' | 'updatedAt'>>({ id: FIRST_ID, updatedAt: since }, (last) => last, read);
}

/** Everything from a position on, MAX_CHANGES_READ at a time; `positionOf` is where the last of them stands. */
async function* inPages<Position>(
  from: Position,
  positionOf: (last: JobVersion) => Position,
  read: (after: Position) => Promise<readonly JobVersion[]>,
): AsyncGenerator<JobVersion> {
  for (let after = from; ; ) {
    const versions = await read(after);
    yield* versions;
    const last = versions.at(-1);
    if (!last || versions.length < MAX_CHANGES_READ) return;
    after = positionOf(last);
  }
}
