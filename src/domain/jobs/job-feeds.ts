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
 * Follows a job: yields its current state, then its newest state after each change, and completes after the last one. A slow reader may
 * skip states, but never the last. `read` returns null for a job that is not the reader's. Throws NotFound.
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

/** The shortest interval between two updates of the queue's statistics: people read numbers no faster. */
export const QUEUE_STATS_EVERY_MS = 1_000;

/**
 * Follows the queue's statistics: yields the current ones, then again after jobs were enqueued, began or ended, until the reader leaves.
 */
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

/** A filter of jobs; null matches any. */
export type JobFilter = {
  kinds: readonly JobKind[] | null;
  statuses: readonly JobStatus[] | null;
  subjectId: string | null;
  queuedFrom: Date | null;
  queuedBefore: Date | null;
  errorContains: string | null;
};

/** The version of a job, and when it last changed. */
export type JobVersion = Pick<Job, 'id' | 'version' | 'updatedAt'>;

/** Reads the jobs of a reader that pass the filter. */
export type ReadJobs = {
  /** The versions of open jobs after an id, in the order of ids: at most MAX_CHANGES_READ. */
  open(after: string): Promise<readonly JobVersion[]>;
  /** The versions of jobs after a position, in the order of their changes: at most MAX_CHANGES_READ. */
  changes(after: Pick<JobVersion, 'id' | 'updatedAt'>): Promise<readonly JobVersion[]>;
  job(id: string): Promise<Job | null>;
};

/** The maximum number of changes that are read at a time. */
export const MAX_CHANGES_READ = 500;

/**
 * How far each read overlaps the one before it. A change carries the time at which its transaction began, by the clock of its own
 * machine, and becomes visible only when that commits.
 */
const OVERLAP_MS = 120_000;

/** An id before that of any job. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Yields every open job of the actor, then each job that changes from now on, in its newest state, until the reader leaves.
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

/** Reads everything after a position, MAX_CHANGES_READ at a time; `positionOf` returns the position of an item. */
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
