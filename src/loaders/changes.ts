import type { ChangesRead, ChangesRequest, EntityChange } from '#domain/changes/changes.ts';
import { defineLoader } from './loader.ts';

/** The changes that a request asks for, with the revision up to which they are complete. */
export const changesOfViewer = defineLoader<ChangesRequest, ChangesRead>({
  cacheKey: JSON.stringify,
  isShared: true,
  async batch({ database }, requests) {
    const places = requests.map(({ viewerId, key: { after, types, first } }, ordinal) => ({
      ordinal,
      owner_id: viewerId,
      number: after?.number,
      type: after?.type,
      id: after?.id,
      types,
      first,
    }));
    const rows = await database.sql<Row>(CHANGES_AFTER, [JSON.stringify(places)]);
    const byRequest = requests.map((): Row[] => []);
    for (const row of rows) byRequest[row.ordinal]?.push(row);
    return requests.map(({ key }, ordinal) => toRead(key, byRequest[ordinal] as Row[]));
  },
});

type Row = { ordinal: number; revision: bigint; readAt: Date; number: bigint | null } & EntityChange;

function toRead({ after, first }: ChangesRequest, rows: readonly Row[]): ChangesRead {
  const { revision, readAt } = rows[0] as Row;
  const changes = rows.filter(({ number }) => number !== null).slice(0, first);
  const last = changes.at(-1);
  if (last && rows.length > first) {
    const { number, type, id } = last;
    // The time of the first batch: deletions that follow in later batches may be forgotten before they are read.
    const completeAt = after?.completeAt ?? readAt;
    return { changes, upToDate: false, next: { number: String(number), type, id, completeAt } };
  }
  const next = { number: String(revision), type: null, id: null, completeAt: readAt };
  return { changes, upToDate: true, next };
}

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** At least one row per request, so that the revision is read at the same moment as the changes. */
const CHANGES_AFTER = /* sql */ `
SELECT k.ordinal, coalesce(v.number, 0)::bigint AS revision, now()::timestamptz(3) AS "readAt", r.*
FROM jsonb_to_recordset($1::jsonb) AS k(
  ordinal int, owner_id uuid, number bigint, type change_type, id uuid, types change_type[], first int)
LEFT JOIN revisions v ON v.user_id = k.owner_id
LEFT JOIN LATERAL (
  SELECT c.number, c.type, c.id, c.deleted FROM changes c
  WHERE c.owner_id = k.owner_id
    AND (c.number, c.type, c.id) > (k.number, coalesce(k.type, enum_last(k.type)), coalesce(k.id, '${LAST_ID}'))
    AND (k.types IS NULL OR c.type = ANY(k.types))
  ORDER BY c.number, c.type, c.id LIMIT k.first + 1
) r ON true
ORDER BY k.ordinal, r.number, r.type, r.id`;
