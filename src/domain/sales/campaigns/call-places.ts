import type { Services } from '#domain/core/deps.ts';
import { lockName } from '#domain/core/row-locks.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { wakeJob } from '#domain/jobs/sleeping-jobs.ts';

/**
 * Calls that have a place: a campaign's from its creation on, any other outgoing call from dialling on, an inbound one from its arrival on.
 */
const HAS_PLACE = `(status IN ('DIALING', 'RINGING', 'IN_PROGRESS') OR status = 'QUEUED' AND campaign_id IS NOT NULL)`;

/** Calls without a campaign that wait for a place. */
const WAITS = `(status = 'QUEUED' AND campaign_id IS NULL AND waiting_since IS NOT NULL)`;

/** Serializes the transactions that take or release places for calls, until the commit. Has to come before the locks of jobs. */
export async function lockCallPlaces(tx: Tx): Promise<void> {
  await lockName(tx, 'parley:call-places');
}

/** Whoever waits for a place is woken when it is their turn, and checks again after this many milliseconds in any case. */
export const PLACES_AGAIN_MS = 60_000;

/** How many places for calls are free, and whether the one who asks may take one of them. */
export type Places = { free: number; mayTake: boolean };

/**
 * Reads whether an owner may have another call: while a place is free, and no owner with fewer calls waits for one (max-min fairness). The
 * caller has locked the places.
 */
export async function readPlaces(
  tx: Tx,
  { maxPlaces }: { maxPlaces: number },
  { ownerId: asks }: { ownerId: string },
): Promise<Places> {
  const owners = await tx.$queryRawUnsafe<{ ownerId: string; calls: number; waits: boolean }[]>(OWNERS);
  const own = owners.find(({ ownerId }) => ownerId === asks)?.calls ?? 0;
  const free = maxPlaces - owners.reduce((sum, { calls }) => sum + calls, 0);
  const isFirst = owners.every(({ ownerId, waits, calls }) => !waits || ownerId === asks || own <= calls);
  return { free, mayTake: free > 0 && isFirst };
}

/** Owners with active calls, or with a campaign or call that waits for a place. */
const OWNERS = /* sql */ `
SELECT owner_id AS "ownerId", sum(calls)::int AS calls, bool_or(waits) AS waits FROM (
  SELECT owner_id, count(*) FILTER (WHERE ${HAS_PLACE}) AS calls, bool_or(${WAITS}) AS waits FROM calls
  WHERE status IN ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS') GROUP BY owner_id
  UNION ALL
  SELECT owner_id, 0, true FROM campaigns WHERE waiting_since IS NOT NULL AND status = 'RUNNING'
) o WHERE owner_id IS NOT NULL GROUP BY owner_id`;

/**
 * Wakes the campaign, or the call without one, that is next to get a free place: of the owner with the fewest calls, the one that has
 * waited longest. The caller has locked the places.
 */
export async function wakeNext(
  change: TransactionChange,
  services: Pick<Services, 'queue' | 'jobKinds' | 'now'>,
): Promise<void> {
  const [next] = await change.tx.$queryRawUnsafe<{ jobId: string }[]>(NEXT);
  if (next) await wakeJob(change, services, next.jobId);
}

const NEXT = /* sql */ `
SELECT w.job_id AS "jobId" FROM (
  SELECT id, owner_id, waiting_since, job_id FROM campaigns
  WHERE waiting_since IS NOT NULL AND status = 'RUNNING' AND job_id IS NOT NULL
  UNION ALL
  SELECT c.id, c.owner_id, c.waiting_since, j.id FROM (SELECT * FROM calls WHERE ${WAITS}) c
  JOIN jobs j ON j.kind = 'CALL_LEAD' AND j.subject_id = c.id AND j.status = 'RUNNING'
) w LEFT JOIN (SELECT owner_id, count(*) AS calls FROM calls WHERE ${HAS_PLACE} GROUP BY owner_id) p ON p.owner_id = w.owner_id
ORDER BY coalesce(p.calls, 0), w.waiting_since, w.id LIMIT 1`;
