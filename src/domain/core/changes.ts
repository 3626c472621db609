import type { Prisma } from '#generated/prisma/client.ts';
import type { ChangeType } from '#generated/prisma/enums.ts';
import { EMIT_STEP, NOTIFY_DELIVERERS, type WebhookEvent } from './webhook-events.ts';

/** An entity of a user that a transaction has changed, named by its type and row id. */
export type ChangedEntity = { ownerId: string; type: ChangeType; id: string; deleted?: boolean };

/** A change that only raises its owner's revision, because no list of changes covers its type. */
export type RevisedOwner = { ownerId: string; type: null; id: string; deleted?: boolean };

/**
 * Records what a transaction has changed, as its last statement, and events for the webhooks of their owners. Raises the revision of each
 * owner by one, in the order of owner ids. The row stays locked until the commit, so the revisions of one owner follow the order of
 * commits, whichever process makes them. Returns how many deliveries to webhooks the events result in.
 */
export async function recordChanges(
  tx: Prisma.TransactionClient,
  entities: Iterable<ChangedEntity | RevisedOwner>,
  events: readonly WebhookEvent[],
): Promise<number> {
  const latest = new Map<string, ChangedEntity | RevisedOwner>();
  for (const entity of entities) latest.set(`${entity.ownerId} ${entity.type} ${entity.id}`, entity);
  if (latest.size === 0 && events.length === 0) return 0;
  const rows = Array.from(latest.values(), ({ ownerId, type, id, deleted = false }) => ({
    owner_id: ownerId,
    type,
    id,
    deleted,
  }));
  if (events.length === 0) {
    await tx.$executeRawUnsafe(RECORD_CHANGES, JSON.stringify(rows));
    return 0;
  }
  const [recorded] = await tx.$queryRawUnsafe<{ deliveries: number }[]>(
    RECORD_WITH_EVENTS,
    JSON.stringify(rows),
    JSON.stringify(events),
  );
  return recorded?.deliveries ?? 0;
}

/**
 * The two steps of a statement that record changes: a common table expression, and the INSERT after it. The statement provides the
 * table `changed` with the columns owner_id, type, id and deleted, one row per entity; a row without a type only raises its
 * owner's revision.
 */
export const RECORD_STEPS = {
  revised: /* sql */ `revised AS (
  INSERT INTO revisions (user_id, number) SELECT DISTINCT owner_id, 1 FROM changed ORDER BY owner_id
  ON CONFLICT (user_id) DO UPDATE SET number = revisions.number + 1
  RETURNING user_id, number
)`,
  recorded: /* sql */ `INSERT INTO changes (owner_id, type, id, number, deleted)
  SELECT c.owner_id, c.type, c.id, r.number, c.deleted FROM changed c JOIN revised r ON r.user_id = c.owner_id WHERE c.type IS NOT NULL
  ON CONFLICT (owner_id, type, id) DO UPDATE
  SET number = excluded.number, deleted = excluded.deleted, changed_at = excluded.changed_at`,
};

const CHANGED = /* sql */ `changed AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS c(owner_id uuid, type change_type, id uuid, deleted boolean)
)`;

const RECORD_CHANGES = /* sql */ `WITH ${CHANGED}, ${RECORD_STEPS.revised} ${RECORD_STEPS.recorded}`;

/** The same with the events, which so cost no statement of their own. */
const RECORD_WITH_EVENTS = /* sql */ `WITH ${CHANGED}, ${RECORD_STEPS.revised}, recorded AS (
  ${RECORD_STEPS.recorded}
), ${EMIT_STEP} SELECT count(*)::int AS deliveries, (SELECT ${NOTIFY_DELIVERERS} FROM emitted LIMIT 1)::text FROM emitted`;
