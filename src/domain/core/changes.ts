import type { Prisma } from '#generated/prisma/client.ts';
import type { ChangeType } from '#generated/prisma/enums.ts';

/** Something of a user's that a transaction has changed: by its type and its own id. */
export type ChangedEntity = { ownerId: string; type: ChangeType; id: string; deleted?: boolean };

/** The same for what raises the revision only, as no list of changes tells of it. */
export type RevisedOwner = { ownerId: string; type: null; id: string; deleted?: boolean };

/**
 * Records what a transaction has changed, as its last act. The revision of each owner is raised by one, in the order of
 * owners, and its row stays locked until the commit: so the numbers of one owner's changes are in the order of their
 * commits, whichever process makes them.
 */
export async function recordChanges(
  tx: Prisma.TransactionClient,
  entities: Iterable<ChangedEntity | RevisedOwner>,
): Promise<void> {
  const latest = new Map<string, ChangedEntity | RevisedOwner>();
  for (const entity of entities) latest.set(`${entity.ownerId} ${entity.type} ${entity.id}`, entity);
  if (latest.size === 0) return;
  const rows = Array.from(latest.values(), ({ ownerId, type, id, deleted = false }) => ({
    owner_id: ownerId,
    type,
    id,
    deleted,
  }));
  await tx.$executeRawUnsafe(RECORD_CHANGES, JSON.stringify(rows));
}

/**
 * The two steps of recording what `changed`, a table of the statement that they are put into, holds: owner_id, type, id,
 * deleted, each entity once; one without a type raises its owner's revision only.
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

const RECORD_CHANGES = /* sql */ `WITH changed AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS c(owner_id uuid, type change_type, id uuid, deleted boolean)
), ${RECORD_STEPS.revised} ${RECORD_STEPS.recorded}`;
