import type { Database } from '#adapters/database/database.ts';
import { LANES, type Lane } from '#adapters/queue/queue.ts';
import type { Finding } from '#domain/core/deps.ts';
import { type JobKinds, kindsOf, LIMITED_LANES } from '#domain/core/job-kinds.ts';
import type { JobKind } from '#generated/prisma/enums.ts';

/** What is looked at. */
export type QueueToCheck = { database: Pick<Database, 'sql'>; maxQueueSize: number; jobKinds: JobKinds };

/** Somebody looks at the screen: a reply that has waited for longer is late, whether workers are busy or gone. Seconds. */
const REPLIES_WAIT_SECONDS = 30;
/** Others may have to wait for those before them; where none of a lane was worked at for so long, nobody works. Seconds. */
const OTHERS_WAIT_SECONDS = 300;

const LATE_REPLIES = `Replies have waited for more than ${REPLIES_WAIT_SECONDS} s; look whether workers run.`;
const describeIdle = (lanes: readonly Lane[]) =>
  `Jobs (${lanes.join(', ')}) have waited for more than ${OTHERS_WAIT_SECONDS / 60} minutes, and no worker has begun any.`;

/** Whether a warning about the queue says that workers may be missing: what is queued to be sent then stays there. */
export const isForWantOfWorkers = (message: string | null): boolean =>
  message !== null && (message === LATE_REPLIES || message.endsWith('and no worker has begun any.'));

/**
 * A job is ready since it was queued, or was to wake; one that is tried again later is not counted. `active`: something happened to a
 * job of the kind that was claimed, within the bound.
 */
const OPEN_JOBS = /* sql */ `
  SELECT kind, (count(*) FILTER (WHERE status IN ('QUEUED', 'RETRYING')))::int AS waiting,
    (count(*) FILTER (WHERE status IN ('RUNNING', 'CANCELLING')))::int AS running,
    (count(*) FILTER (WHERE held_at IS NOT NULL))::int AS held,
    extract(epoch FROM now() - min(CASE WHEN status = 'QUEUED' THEN updated_at ELSE sleeps_until END)
      FILTER (WHERE held_at IS NULL AND (status = 'QUEUED' OR status = 'RUNNING' AND sleeps_until < now())))::float8 AS waited
  FROM jobs WHERE status IN ('QUEUED', 'RETRYING', 'RUNNING', 'CANCELLING') GROUP BY kind`;

const IS_WORKED_AT = /* sql */ `
  SELECT EXISTS (SELECT FROM jobs WHERE updated_at > now() - $1 * interval '1 second' AND kind = ANY($2::job_kind[])
    AND status <> 'QUEUED') AS active`;

type OpenJobs = { kind: JobKind; waiting: number; running: number; held: number; waited: number | null };

/** Says whether there is room in the queue, and whether jobs that could run wait for longer than they should. */
export async function checkQueue({ database, maxQueueSize, jobKinds }: QueueToCheck): Promise<Finding<'queue'>> {
  const rows = await database.sql<OpenJobs>(OPEN_JOBS);
  const inLane = (lane: Lane) => rows.filter(({ kind }) => jobKinds[kind].lane === lane);
  const sum = (of: readonly OpenJobs[], count: 'waiting' | 'running' | 'held') =>
    of.reduce((total, row) => total + row[count], 0);
  const waits = LANES.map((lane) => ({ lane, seconds: Math.max(0, ...inLane(lane).map(({ waited }) => waited ?? 0)) }));
  const waiting = sum(LIMITED_LANES.flatMap(inLane), 'waiting');
  const held = sum(rows, 'held');
  const details = {
    waiting,
    running: sum(rows, 'running'),
    held,
    maxWaiting: maxQueueSize,
    longestWaitSeconds: Object.fromEntries(waits.map(({ lane, seconds }) => [lane, Math.floor(seconds)])),
  };
  // A queue gets full where no worker is there, which is then what to say.
  const late = await describeWaits(database, jobKinds, waits);
  if (late) return { status: 'DEGRADED', message: late, details };
  if (waiting >= maxQueueSize) return { status: 'DEGRADED', message: 'The queue is full.', details };
  return held === 0 ? { details } : { message: describeHeld(held), details };
}

async function describeWaits(
  { sql }: QueueToCheck['database'],
  jobKinds: JobKinds,
  waits: readonly { lane: Lane; seconds: number }[],
): Promise<string | null> {
  if (waits.some(({ lane, seconds }) => lane === 'replies' && seconds > REPLIES_WAIT_SECONDS)) return LATE_REPLIES;
  const idle: Lane[] = [];
  for (const { lane, seconds } of waits) {
    if (seconds <= OTHERS_WAIT_SECONDS) continue;
    const kinds = kindsOf(jobKinds, lane);
    const [row] = await sql<{ active: boolean }>(IS_WORKED_AT, [OTHERS_WAIT_SECONDS, kinds]);
    if (!row?.active) idle.push(lane);
  }
  return idle.length === 0 ? null : describeIdle(idle);
}

const describeHeld = (held: number) =>
  `${held} jobs that act outside are held since a backup was restored; \`npx parley jobs release\` lets them run.`;
