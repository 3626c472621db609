import type { Services } from '#domain/core/deps.ts';
import { isWaiting } from '#domain/core/job-states.ts';
import type { Job } from '#generated/prisma/client.ts';
import type { JobKind } from '#generated/prisma/enums.ts';

/** Returns for each job how many of the same kind are ahead of it; null unless it is QUEUED. One statement. */
export async function queuePositions({ database }: Services, jobIds: readonly string[]): Promise<(number | null)[]> {
  const rows = await database.sql<{ ahead: number | null }>(
    `SELECT CASE WHEN job.id IS NOT NULL THEN (
       SELECT count(*)::int FROM jobs other
       WHERE other.kind = job.kind AND other.status IN ('QUEUED', 'RETRYING')
         AND (other.priority > job.priority
           OR (other.priority = job.priority
             AND (other.turn, other.queued_at, other.id) < (job.turn, job.queued_at, job.id)))
     ) END AS ahead
     FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, n)
     LEFT JOIN jobs job ON job.id = asked.id AND job.status = 'QUEUED'
     ORDER BY asked.n`,
    [jobIds],
  );
  return rows.map((row) => row.ahead);
}

/** The durations of the newest successful jobs of the kind `kinds.kind`. */
export const RECENT_DURATIONS = `LATERAL (
  SELECT extract(epoch FROM finished_at - started_at)::float8 AS seconds FROM jobs
  WHERE kind = kinds.kind AND status = 'SUCCEEDED' AND finished_at IS NOT NULL
  ORDER BY finished_at DESC LIMIT 50
) recent`;
/** Returns the SQL of a percentile of these durations; null if there are fewer than three. */
export const percentile = (share: number) =>
  `CASE WHEN count(recent.seconds) >= 3 THEN percentile_cont(${share}) WITHIN GROUP (ORDER BY recent.seconds) END`;

/**
 * Returns for each job the estimated seconds until it is done, or for a waiting job from its start; null if too few jobs of its kind have
 * succeeded, and for a job that has ended or is being cancelled. One statement.
 *
 * With a progress of p, the total is estimated as (1 - p) × the median of such jobs + p × (elapsed / p), the job's own pace: the further
 * it is, the more its pace counts. Less the elapsed time, (1 - p) × the median is left.
 */
export async function expectedSecondsLeft(
  { database }: Services,
  jobs: readonly Pick<Job, 'kind' | 'status' | 'progress'>[],
): Promise<(number | null)[]> {
  const open = jobs.filter(isOpen);
  if (open.length === 0) return jobs.map(() => null);
  const rows = await database.sql<{ kind: JobKind; median: number | null }>(
    `SELECT kinds.kind, ${percentile(0.5)} AS median
     FROM unnest($1::job_kind[]) AS kinds (kind) LEFT JOIN ${RECENT_DURATIONS} ON true GROUP BY kinds.kind`,
    [[...new Set(open.map((job) => job.kind))]],
  );
  const medians = new Map(rows.map((row) => [row.kind, row.median]));
  return jobs.map((job) => {
    const median = isOpen(job) ? (medians.get(job.kind) ?? null) : null;
    return median === null ? null : median * (1 - (job.status === 'RUNNING' ? job.progress : 0));
  });
}

const isOpen = ({ status }: Pick<Job, 'status'>) => status === 'RUNNING' || isWaiting(status);
