import type { Services } from '#domain/core/deps.ts';
import { expectedSecondsLeft, queuePositions } from '#domain/jobs/estimates.ts';
import { type JobFilter, type JobVersion, MAX_CHANGES_READ } from '#domain/jobs/job-feeds.ts';
import { type QueueStats, queueStats, queueStatsOf } from '#domain/jobs/queue-stats.ts';
import { containsText } from '#domain/text/contains-text.ts';
import { type Job, Prisma } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { fillLargeColumns } from './large-columns.ts';
import { type Bind, defineList, type ListDefinition, type Order } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('j', Prisma.JobScalarFieldEnum, ['payload', 'result']);

export const jobById = rowById<Job>({
  columns,
  from: 'jobs j',
  id: 'j.id',
  visible: '(j.requested_by_id = k.viewer_id OR k.viewer_is_admin)',
});

export type JobOrder = 'QUEUED_DESC' | 'QUEUED_ASC' | 'UPDATED_DESC';
type OrderedJobFilter = JobFilter & { orderBy: JobOrder };

const id = { sql: 'j.id', type: 'uuid', of: (row: Job) => row.id };
const queued = { sql: 'j.queued_at', type: 'timestamptz', of: (row: Job) => row.queuedAt };
const updated = { sql: 'j.updated_at', type: 'timestamptz', of: (row: Job) => row.updatedAt };

export const jobOrders: Record<JobOrder, Order<Job>> = {
  QUEUED_DESC: { name: 'jobs', descending: true, keys: [queued, id] },
  QUEUED_ASC: { name: 'jobs.oldest', descending: false, keys: [queued, id] },
  UPDATED_DESC: { name: 'jobs.updated', descending: true, keys: [updated, id] },
};

/** The parts of a filter: the SQL type of each, and its condition if it is not null. */
const FILTER: { [Part in keyof JobFilter]: [type: string, condition: (value: string) => string] } = {
  kinds: ['job_kind[]', (kinds) => `j.kind = ANY(${kinds})`],
  statuses: ['job_status[]', (statuses) => `j.status = ANY(${statuses})`],
  subjectId: ['uuid', (id) => `j.subject_id = ${id}`],
  queuedFrom: ['timestamptz', (time) => `j.queued_at >= ${time}`],
  queuedBefore: ['timestamptz', (time) => `j.queued_at < ${time}`],
  errorContains: ['text', (part) => containsText('j.error_message', part)],
};
const PARTS = Object.keys(FILTER) as (keyof JobFilter)[];

function where(filter: JobFilter, bind: Bind): string[] {
  return PARTS.filter((part) => filter[part] !== null).map((part) => {
    const [type, condition] = FILTER[part];
    return condition(bind(filter[part], type));
  });
}

const jobs: Omit<ListDefinition<Job, OrderedJobFilter>, 'parent'> = {
  columns,
  from: 'jobs j',
  id: 'j.id',
  order: ({ orderBy }) => jobOrders[orderBy],
  where,
};

export const jobsOfUser = defineList<Job, OrderedJobFilter>({ ...jobs, parent: 'j.requested_by_id' });

/** The jobs of all users; its parent is the ADMIN who reads them. */
export const jobsOfAllUsers = defineList<Job, OrderedJobFilter>({
  ...jobs,
  parent: `(SELECT v.id FROM users v WHERE v.id = k.parent_id AND v.role = 'ADMIN')`,
});

/** A reader of a feed, as a row `k` of the statement: the owner, the filter, and further parameters. */
const reader = (columns: string) => `jsonb_to_recordset($1::jsonb) AS k(
  ordinal int, viewer_id uuid, ${columns}, ${PARTS.map((part) => `"${part}" ${FILTER[part][0]}`)})`;
const PASSES = PARTS.map((part) => `(k."${part}" IS NULL OR ${FILTER[part][1](`k."${part}"`)})`).join(' AND ');

/** Reads for all readers with one statement, whose rows name their reader as `$ordinal`. */
async function readFeeds(
  { database }: Services,
  statement: string,
  readers: readonly ({ viewerId: string; filter: JobFilter } & Record<string, unknown>)[],
): Promise<JobVersion[][]> {
  const rows = await database.sql<JobVersion & { $ordinal: number }>(statement, [
    JSON.stringify(
      readers.map(({ viewerId, filter, ...more }, ordinal) => ({ ordinal, viewer_id: viewerId, ...filter, ...more })),
    ),
  ]);
  const versions: JobVersion[][] = readers.map(() => []);
  for (const { $ordinal, ...version } of rows) versions[$ordinal]?.push(version);
  return versions;
}

type ChangesKey = { filter: JobFilter; after: Pick<JobVersion, 'id' | 'updatedAt'> };

/** The next MAX_CHANGES_READ versions for a subscriber to all jobs of a user, in the order of the changes. */
export const changesOfJobs = defineLoader<ChangesKey, JobVersion[]>({
  cacheKey: JSON.stringify,
  batch: (services, requests) =>
    readFeeds(
      services,
      CHANGES_OF_JOBS,
      requests.map(({ viewerId, key: { filter, after } }) => ({
        viewerId,
        filter,
        after_time: after.updatedAt,
        after_id: after.id,
      })),
    ),
});

const CHANGES_OF_JOBS = /* sql */ `
SELECT k.ordinal AS "$ordinal", r.id, r.version, r.updated_at AS "updatedAt"
FROM ${reader('after_time timestamptz, after_id uuid')}
CROSS JOIN LATERAL (
  SELECT j.id, j.version, j.updated_at FROM jobs j
  WHERE j.requested_by_id = k.viewer_id AND (j.updated_at, j.id) > (k.after_time, k.after_id) AND ${PASSES}
  ORDER BY j.updated_at, j.id LIMIT ${MAX_CHANGES_READ}
) r ORDER BY k.ordinal, r.updated_at, r.id`;

/** The next MAX_CHANGES_READ open jobs in the order of their ids, with which a subscriber begins. */
export const openJobs = defineLoader<{ filter: JobFilter; after: string }, JobVersion[]>({
  cacheKey: JSON.stringify,
  batch: (services, requests) =>
    readFeeds(
      services,
      OPEN_JOBS,
      requests.map(({ viewerId, key: { filter, after } }) => ({ viewerId, filter, after_id: after })),
    ),
});

const OPEN_JOBS = /* sql */ `
SELECT k.ordinal AS "$ordinal", r.id, r.version, r.updated_at AS "updatedAt"
FROM ${reader('after_id uuid')}
CROSS JOIN LATERAL (
  SELECT j.id, j.version, j.updated_at FROM jobs j
  WHERE j.requested_by_id = k.viewer_id AND j.status IN ('QUEUED', 'RETRYING', 'RUNNING', 'CANCELLING')
    AND j.id > k.after_id AND ${PASSES}
  ORDER BY j.id LIMIT ${MAX_CHANGES_READ}
) r ORDER BY k.ordinal, r.id`;

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

/** The number of jobs of the same kind ahead of a job; null unless it is QUEUED. */
export const queuePositionOfJob = defineLoader<string, number | null>({
  batch: (services, requests) =>
    queuePositions(
      services,
      requests.map(({ key }) => key),
    ),
});

/** The estimated seconds until a job is done; null if there is no estimate. */
export const secondsLeftOfJob = defineLoader<Job, number | null>({
  cacheKey: (job) => `${job.id} ${job.version}`,
  batch: (services, requests) =>
    expectedSecondsLeft(
      services,
      requests.map(({ key }) => key),
    ),
});

/** The queue's statistics: of all jobs for an ADMIN, else of the viewer's. At most three statements for all concurrent requests. */
export const queueStatsLoader = defineLoader<null, QueueStats>({
  async batch(services, requests) {
    const owners = [...new Set(requests.flatMap(({ viewerId, isAdmin }) => (isAdmin ? [] : [viewerId])))];
    const [all, own] = await Promise.all([
      requests.some(({ isAdmin }) => isAdmin) ? queueStats(services) : null,
      owners.length > 0 ? queueStatsOf(services, owners) : [],
    ]);
    const byOwner = new Map(owners.map((owner, index) => [owner, own[index] as QueueStats]));
    return requests.map(({ viewerId, isAdmin }) => (isAdmin ? all : byOwner.get(viewerId)) as QueueStats);
  },
});
