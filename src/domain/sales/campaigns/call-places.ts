import type { Services } from '#domain/core/deps.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { wakeJob } from '#domain/jobs/sleeping-jobs.ts';

/** The statuses of a call that has a place. */
const ACTIVE_CALL = `('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS')`;

/**
 * Makes those who take places for calls, and those who give them back, come one by one until the end of the transaction. Before jobs
 * are locked.
 */
export async function lockCallPlaces(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('parley:call-places'))`;
}

/** How many places for calls are free, and whether a campaign may take one of them. */
export type Places = { free: number; mayTake: boolean };

/**
 * Reads whether a campaign may begin another call: within its own limit, while a place is free, and as long as no owner waits for
 * one who has fewer calls (max-min fairness). The places are locked.
 */
export async function readPlaces(
  tx: Tx,
  { maxPlaces }: { maxPlaces: number },
  campaign: { ownerId: string },
): Promise<Places> {
  const owners = await tx.$queryRawUnsafe<{ ownerId: string; calls: number; waits: boolean }[]>(OWNERS);
  const own = owners.find(({ ownerId }) => ownerId === campaign.ownerId)?.calls ?? 0;
  const free = maxPlaces - owners.reduce((sum, { calls }) => sum + calls, 0);
  const isFirst = owners.every(({ ownerId, waits, calls }) => !waits || ownerId === campaign.ownerId || own <= calls);
  return { free, mayTake: free > 0 && isFirst };
}

/** Owners who have calls, or a campaign that waits for a place for one. */
const OWNERS = /* sql */ `
SELECT owner_id AS "ownerId", sum(calls)::int AS calls, bool_or(waits) AS waits FROM (
  SELECT owner_id, count(*) AS calls, false AS waits FROM calls WHERE status IN ${ACTIVE_CALL} GROUP BY owner_id
  UNION ALL
  SELECT owner_id, 0, true FROM campaigns WHERE waiting_since IS NOT NULL AND status = 'RUNNING'
) o WHERE owner_id IS NOT NULL GROUP BY owner_id`;

/**
 * Wakes the campaign whose turn it is to have a place that is free: of the owner with the fewest calls, the one that waits longest.
 * The places are locked.
 */
export async function wakeNextCampaign(
  change: TransactionChange,
  services: Pick<Services, 'queue' | 'jobKinds' | 'now'>,
): Promise<void> {
  const [next] = await change.tx.$queryRawUnsafe<{ jobId: string }[]>(NEXT_CAMPAIGN);
  if (next) await wakeJob(change, services, next.jobId);
}

const NEXT_CAMPAIGN = /* sql */ `
SELECT c.job_id AS "jobId" FROM campaigns c
WHERE c.waiting_since IS NOT NULL AND c.status = 'RUNNING' AND c.job_id IS NOT NULL
ORDER BY (SELECT count(*) FROM calls WHERE owner_id = c.owner_id AND status IN ${ACTIVE_CALL}), c.waiting_since, c.id LIMIT 1`;
