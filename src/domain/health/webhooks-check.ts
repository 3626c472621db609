import type { Database } from '#adapters/database/database.ts';
import type { Finding } from '#domain/core/deps.ts';
import { PENDING } from '#domain/webhooks/claim-deliveries.ts';
import { FAILING_DAYS } from '#domain/webhooks/record-attempt.ts';

/** A delivery that has been due for longer, of an owner for whom nothing is sent, is late. Seconds. */
const LATE_SECONDS = 120;
/** A webhook of which every attempt has failed for longer counts as failing. */
const FAILING = '1 hour';
/** For how long one that was switched off for that still counts, as of a look at the last week. */
const SWITCHED_OFF = '7 days';
/** So many owners at least, and half of all, say that the fault is ours: one whose receivers are gone says nothing about this server. */
const FAILING_OWNERS = 3;

const LATE = 'Deliveries to webhooks have been due for more than two minutes; look whether workers run.';
const MANY_FAIL = 'The webhooks of many users fail; look whether workers reach the internet.';

type State = {
  enabled: number;
  failing: number;
  switchedOff: number;
  owners: number;
  failingOwners: number;
  overdueSeconds: number;
  isLate: boolean;
};

/**
 * An owner who has many deliveries, and slow receivers, waits for them alone: nobody is late while an attempt for them is under way. Those
 * of webhooks that fail wait for each other.
 */
const STATE = /* sql */ `WITH RECURSIVE ${PENDING}, overdue AS (
  SELECT extract(epoch FROM now() - p.next_attempt_at)::float8 AS seconds, w.owner_id
  FROM pending p JOIN webhooks w ON w.id = p.webhook_id AND w.failing_since IS NULL WHERE p.next_attempt_at < now()
), counted AS (
  SELECT owner_id, disabled_at, disabled_at IS NULL AND failing_since < now() - interval '${FAILING}' AS failing,
    disabled_at > now() - interval '${SWITCHED_OFF}' AND disabled_at > failing_since + interval '${FAILING_DAYS} days' AS switched_off
  FROM webhooks
) SELECT (count(*) FILTER (WHERE disabled_at IS NULL))::int AS enabled, (count(*) FILTER (WHERE failing))::int AS failing,
  (count(*) FILTER (WHERE switched_off))::int AS "switchedOff",
  (count(DISTINCT owner_id) FILTER (WHERE disabled_at IS NULL OR switched_off))::int AS owners,
  (count(DISTINCT owner_id) FILTER (WHERE failing OR switched_off))::int AS "failingOwners",
  coalesce((SELECT max(seconds) FROM overdue), 0) AS "overdueSeconds",
  EXISTS (SELECT FROM overdue o WHERE seconds > ${LATE_SECONDS} AND NOT EXISTS (
    SELECT FROM webhooks w JOIN webhook_deliveries d ON d.webhook_id = w.id
    WHERE w.owner_id = o.owner_id AND d.next_attempt_at > now() AND d.last_attempt_at > now() - interval '1 minute')) AS "isLate"
  FROM counted`;

/** Says whether deliveries to webhooks are sent in time, and whether most owners of webhooks get theirs. */
export async function checkWebhooks({ database }: { database: Pick<Database, 'sql'> }): Promise<Finding<'webhooks'>> {
  const [{ isLate, owners, failingOwners, ...details }] = (await database.sql<State>(STATE)) as [State];
  if (isLate) return { status: 'DEGRADED', message: LATE, details };
  const manyFail = failingOwners >= FAILING_OWNERS && failingOwners * 2 >= owners;
  return manyFail ? { status: 'DEGRADED', message: MANY_FAIL, details } : { details };
}
