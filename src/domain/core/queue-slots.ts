import { type Lane, MAX_TURN } from '#adapters/queue/queue.ts';
import type { JobPriority } from '#generated/prisma/enums.ts';
import { isAdmin } from './actor.ts';
import type { Deps } from './deps.ts';
import { Forbidden, QueueFull } from './errors.ts';
import { kindsOf, LIMITED_LANES } from './job-kinds.ts';
import { lockName } from './row-locks.ts';
import type { Tx } from './transaction.ts';

/** A place in the queue of a lane for one more job of a user. */
export type QueueSlot = { lane: Lane; priority: JobPriority; userId: string | null };

/**
 * Makes sure that one more job may wait, and returns its turn, by which jobs of one priority are delivered. Others that
 * reserve in limited lanes wait from here until the transaction ends. Throws Forbidden, QueueFull.
 */
export async function reserveQueueSlot(
  tx: Tx,
  deps: Pick<Deps, 'limits' | 'jobKinds' | 'actor'>,
  slot: QueueSlot,
): Promise<number> {
  if (slot.priority === 'URGENT' && !isAdmin(deps.actor))
    throw new Forbidden(
      'The priority URGENT takes an API key of an ADMIN, with the scope ADMIN; HIGH is for everybody.',
    );
  if (LIMITED_LANES.includes(slot.lane)) await assertRoom(tx, deps, slot);
  return nextTurn(tx, deps, slot);
}

/**
 * The lock, kept until the transaction ends, makes enqueuers come one by one: without it, fifty that come together would
 * each count the same free place. The embedded database, where such locks exclude nobody, runs transactions one by one
 * anyway.
 */
async function assertRoom(
  tx: Tx,
  { limits, jobKinds }: Pick<Deps, 'limits' | 'jobKinds'>,
  { userId }: QueueSlot,
): Promise<void> {
  await lockName(tx, LIMITED_LANES_LOCK);
  const [waiting] = await tx.$queryRaw<{ all: number; own: number }[]>`
    SELECT count(*)::int AS all, count(*) FILTER (WHERE requested_by_id = ${userId}::uuid)::int AS own
    FROM jobs WHERE status IN ('QUEUED', 'RETRYING') AND kind = ANY(${kindsOf(jobKinds, ...LIMITED_LANES)}::job_kind[])`;
  if (!waiting) return;
  if (waiting.own >= limits.maxQueuedPerUser) throw new QueueFull('user', limits.maxQueuedPerUser);
  const places = limits.maxQueueSize * (waiting.own === 0 ? NEWCOMERS_FACTOR : 1);
  if (waiting.all >= places) throw new QueueFull('everybody', limits.maxQueueSize);
}

/**
 * Who has no job that waits is taken until so many times as many wait: two users with fifty each would else keep everybody out for
 * as long as these take, though a newcomer's job is among the next by its turn.
 */
const NEWCOMERS_FACTOR = 2;

/** The name of the lock on the places of all limited lanes. */
const LIMITED_LANES_LOCK = 'parley:limited-lanes';

/** How far apart the turns of one user's jobs are: as many newcomers as that, one after the other, may come between two. */
const TURN_STEP = 8;

/**
 * Self-clocked fair queueing (Golestani, INFOCOM 1994). The clock is the greatest turn of a job that was delivered and has
 * not ended, or where there is none the least that waits. A user's next job is TURN_STEP behind their last; a user without
 * any comes right after the clock. So users take turns, whoever has how many jobs; and as the clock goes on with every
 * delivery, whatever waits comes before all that is enqueued later than some deliveries from now. Enqueuers who come at the
 * same moment may get the same turn: then the job that came first is first.
 */
async function nextTurn(
  tx: Tx,
  { jobKinds }: Pick<Deps, 'jobKinds'>,
  { lane, priority, userId }: QueueSlot,
): Promise<number> {
  const [next] = await tx.$queryRaw<{ turn: number }[]>`
    SELECT least(${MAX_TURN}, greatest(
      coalesce(max(delivered.turn) + 1, min(waiting.turn), 0), max(own.turn) + ${TURN_STEP}))::int AS turn
    FROM unnest(${kindsOf(jobKinds, lane)}::job_kind[]) AS lane (kind)
    CROSS JOIN LATERAL (SELECT max(turn) AS turn FROM jobs
      WHERE kind = lane.kind AND priority = ${priority}::job_priority AND status IN ('RUNNING', 'CANCELLING', 'RETRYING')) delivered
    CROSS JOIN LATERAL (SELECT min(turn) AS turn FROM jobs
      WHERE kind = lane.kind AND priority = ${priority}::job_priority AND status = 'QUEUED') waiting
    CROSS JOIN LATERAL (SELECT max(turn) AS turn FROM jobs
      WHERE requested_by_id = ${userId}::uuid AND kind = lane.kind AND priority = ${priority}::job_priority
        AND status IN ('QUEUED', 'RETRYING', 'RUNNING', 'CANCELLING')) own`;
  return next?.turn ?? 0;
}
