import { expectedSecondsLeft, queuePositions } from '#domain/jobs/estimates.ts';
import { type Job, Prisma } from '#generated/prisma/client.ts';
import type { JobKind, JobStatus } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('j', Prisma.JobScalarFieldEnum);

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

/** The conditions of a filter. */
const jobConditions = ({ kinds, statuses, subjectId }: JobFilter, bind: Bind) => [
  ...(kinds ? [`j.kind = ANY(${bind(kinds, 'job_kind[]')})`] : []),
  ...(statuses ? [`j.status = ANY(${bind(statuses, 'job_status[]')})`] : []),
  ...(subjectId ? [`j.subject_id = ${bind(subjectId, 'uuid')}`] : []),
];

/** Newest first. */
export const jobsOfUser = defineList<Job, JobFilter>({
  columns,
  from: 'jobs j',
  parent: 'j.requested_by_id',
  order: () => ({
    name: 'jobs',
    descending: true,
    keys: [
      { sql: 'j.queued_at', type: 'timestamptz', of: (row) => row.queuedAt },
      { sql: 'j.id', type: 'uuid', of: (row) => row.id },
    ],
  }),
  where: jobConditions,
});

/** The jobs that changed since a moment, in the order of their changes, for a subscriber to all jobs of a user. */
export const changedJobsOfUser = defineLoader<JobFilter & { since: Date }, Job[]>({
  cacheKey: JSON.stringify,
  batch: ({ database }, requests) =>
    Promise.all(
      requests.map(({ viewerId, key }) => {
        const values: unknown[] = [viewerId, key.since];
        const conditions = jobConditions(key, (value, type) => `$${values.push(value)}::${type}`);
        return database.sql<Job>(
          `SELECT ${columns} FROM jobs j WHERE ${['j.requested_by_id = $1', 'j.updated_at >= $2', ...conditions].join(' AND ')}
           ORDER BY j.updated_at, j.id`,
          values,
        );
      }),
    ),
});

/** The newest job about a subject. */
export const jobOfSubject = defineLoader<string, Job | null>({
  async batch({ database }, requests) {
    const rows = await database.sql<Job & { $ordinal: number }>(
      `SELECT k.ordinal::int AS "$ordinal", r.* FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k(subject_id, viewer_id, ordinal)
CROSS JOIN LATERAL (SELECT ${columns} FROM jobs j WHERE j.subject_id = k.subject_id AND j.requested_by_id = k.viewer_id
  ORDER BY j.queued_at DESC, j.id DESC LIMIT 1) r`,
      [requests.map(({ key }) => key), requests.map(({ viewerId }) => viewerId)],
    );
    const jobs: (Job | null)[] = requests.map(() => null);
    for (const { $ordinal, ...job } of rows) jobs[$ordinal - 1] = job;
    return jobs;
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
