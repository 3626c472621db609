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
 * Makes sure that the queue has room for one more job, and returns its turn: the order in which jobs of one priority are delivered.
 * From here until the transaction ends, others that reserve a slot in a limited lane wait. Throws Forbidden, QueueFull.
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
 * The lock is held until the transaction ends, so that enqueuers take turns: without it, fifty concurrent ones would all count the
 * same free slot. On the embedded database, where advisory locks exclude nobody, transactions run one at a time anyway.
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
 * A user without a waiting job is still admitted until this many times the bound are waiting. Otherwise two users with fifty jobs each
 * would keep everybody else out until those are done, although a newcomer's job would be among the next by its turn.
 */
const NEWCOMERS_FACTOR = 2;

/** The name of the lock on the slots of all limited lanes. */
const LIMITED_LANES_LOCK = 'parley:limited-lanes';

/** The distance between the turns of one user's jobs: up to this many newcomers, one after another, fit between two of them. */
const TURN_STEP = 8;

/**
 * Self-clocked fair queueing (Golestani, INFOCOM 1994). The clock is the greatest turn among the jobs that were delivered and have
 * not ended, or else the least turn that waits. A user's next job comes TURN_STEP after their last one; the first job of a user
 * without any comes right after the clock. So users take turns, however many jobs each has. As every delivery advances the clock, a
 * waiting job is overtaken only by jobs that are enqueued within the next few deliveries. Jobs enqueued at the same moment may get
 * the same turn: then the older one is first.
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
