import { expectedSecondsLeft, queuePositions } from '#domain/jobs/estimates.ts';
import { type JobVersion, MAX_CHANGES_READ } from '#domain/jobs/job-feeds.ts';
import { type Job, Prisma } from '#generated/prisma/client.ts';
import type { JobKind, JobStatus } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { fillLargeColumns } from './large-columns.ts';
import { defineList } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('j', Prisma.JobScalarFieldEnum, ['payload', 'result']);

export const jobById = rowById<Job>({
  columns,
  from: 'jobs j',
  id: 'j.id',
  visible: 'j.requested_by_id = k.viewer_id',
});

export type JobFilter = {
  kinds: readonly JobKind[] | null;
  statuses: readonly JobStatus[] | null;
  subjectId: string | null;
};

/** Newest first. */
export const jobsOfUser = defineList<Job, JobFilter>({
  columns,
  from: 'jobs j',
  id: 'j.id',
  parent: 'j.requested_by_id',
  order: () => ({
    name: 'jobs',
    descending: true,
    keys: [
      { sql: 'j.queued_at', type: 'timestamptz', of: (row) => row.queuedAt },
      { sql: 'j.id', type: 'uuid', of: (row) => row.id },
    ],
  }),
  where: ({ kinds, statuses, subjectId }, bind) => [
    ...(kinds ? [`j.kind = ANY(${bind(kinds, 'job_kind[]')})`] : []),
    ...(statuses ? [`j.status = ANY(${bind(statuses, 'job_status[]')})`] : []),
    ...(subjectId ? [`j.subject_id = ${bind(subjectId, 'uuid')}`] : []),
  ],
});

type ChangesKey = { filter: JobFilter; after: Pick<JobVersion, 'id' | 'updatedAt'> };

/** What a subscriber to all jobs of a user reads next: MAX_CHANGES_READ versions, in the order of the changes. */
export const changesOfJobs = defineLoader<ChangesKey, JobVersion[]>({
  cacheKey: JSON.stringify,
  async batch({ database }, requests) {
    const readers = requests.map(({ viewerId, key: { filter, after } }, ordinal) => ({
      ordinal,
      viewer_id: viewerId,
      after_time: after.updatedAt,
      after_id: after.id,
      kinds: filter.kinds,
      statuses: filter.statuses,
      subject_id: filter.subjectId,
    }));
    const rows = await database.sql<JobVersion & { $ordinal: number }>(CHANGES_OF_JOBS, [JSON.stringify(readers)]);
    const changes: JobVersion[][] = requests.map(() => []);
    for (const { $ordinal, ...change } of rows) changes[$ordinal]?.push(change);
    return changes;
  },
});

const CHANGES_OF_JOBS = /* sql */ `
SELECT k.ordinal AS "$ordinal", r.id, r.version, r.updated_at AS "updatedAt"
FROM jsonb_to_recordset($1::jsonb) AS k(
  ordinal int, viewer_id uuid, after_time timestamptz, after_id uuid, kinds job_kind[], statuses job_status[], subject_id uuid)
CROSS JOIN LATERAL (
  SELECT j.id, j.version, j.updated_at FROM jobs j
  WHERE j.requested_by_id = k.viewer_id AND (j.updated_at, j.id) > (k.after_time, k.after_id)
    AND (k.kinds IS NULL OR j.kind = ANY(k.kinds)) AND (k.statuses IS NULL OR j.status = ANY(k.statuses))
    AND (k.subject_id IS NULL OR j.subject_id = k.subject_id)
  ORDER BY j.updated_at, j.id LIMIT ${MAX_CHANGES_READ}
) r ORDER BY k.ordinal, r.updated_at, r.id`;

/** The newest job about a subject. */
export const jobOfSubject = defineLoader<string, Job | null>({
  async batch(services, requests) {
    const rows = await services.database.sql<Job & { $ordinal: number }>(
      `SELECT k.ordinal::int AS "$ordinal", r.* FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k(subject_id, viewer_id, ordinal)
CROSS JOIN LATERAL (SELECT ${columns.list} FROM jobs j WHERE j.subject_id = k.subject_id AND j.requested_by_id = k.viewer_id
  ORDER BY j.queued_at DESC, j.id DESC LIMIT 1) r`,
      [requests.map(({ key }) => key), requests.map(({ viewerId }) => viewerId)],
    );
    const jobs: (Job | null)[] = requests.map(() => null);
    for (const { $ordinal, ...job } of rows) jobs[$ordinal - 1] = job;
    const found = jobs.map((job) => (job ? [job] : []));
    const errors = await fillLargeColumns(services, { columns, from: 'jobs j', id: 'j.id' }, requests, found);
    return jobs.map((job, index) => errors[index] ?? job);
  },
});

/** How many jobs of its kind are delivered before it; null where it is not QUEUED. */
export const queuePositionOfJob = defineLoader<string, number | null>({
  batch: (services, requests) =>
    queuePositions(
      services,
      requests.map(({ key }) => key),
    ),
});

/** About how many seconds a job still takes; null where nobody can say. */
export const secondsLeftOfJob = defineLoader<Job, number | null>({
  cacheKey: (job) => `${job.id} ${job.version}`,
  batch: (services, requests) =>
    expectedSecondsLeft(
      services,
      requests.map(({ key }) => key),
    ),
});
