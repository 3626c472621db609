import { type LeadFilter, leadConditions } from '#domain/sales/lead-filter.ts';
import { type Lead, Prisma } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { defineList, type Order } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('l', Prisma.LeadScalarFieldEnum, ['notes']);

export const leadById = rowById<Lead>({ columns, from: 'leads l', id: 'l.id', visible: 'l.owner_id = k.viewer_id' });

/** The newest first. */
export const leadOrder: Order<Lead> = {
  name: 'leads',
  descending: true,
  keys: [
    { sql: 'l.created_at', type: 'timestamptz', of: (row) => row.createdAt },
    { sql: 'l.id', type: 'uuid', of: (row) => row.id },
  ],
};

/** The same by a key that no index has: so few leads are looked up by their tags, where the newest of all would be read on and on. */
const rareLeadOrder: Order<Lead> = {
  ...leadOrder,
  keys: leadOrder.keys.map((key) =>
    key.type === 'timestamptz' ? { ...key, sql: `(${key.sql} + interval '0')` } : key,
  ),
};

/** More leads than these are not sorted to show the newest. */
const MANY_LEADS = 2_000;

/**
 * Whether few leads of the viewer have one of some tags. PostgreSQL guesses for tags that it does not know, and reads 200,000 leads in
 * their order for one that nobody has: 230 ms.
 */
export const areTagsRare = defineLoader<readonly string[], boolean>({
  cacheKey: JSON.stringify,
  batch: ({ database }, requests) =>
    Promise.all(
      requests.map(async ({ viewerId, key }) => {
        const [row] = await database.sql<{ found: number }>(COUNT_TAGGED, [viewerId, key], 'anew');
        return (row?.found ?? 0) <= MANY_LEADS;
      }),
    ),
});

const COUNT_TAGGED = /* sql */ `SELECT count(*)::int AS found FROM (
  SELECT 1 FROM leads WHERE owner_id = $1::uuid AND tags && $2::text[] LIMIT ${MANY_LEADS + 1}) l`;

export const leadsOfUser = defineList<Lead, LeadFilter & { isRare?: boolean }>({
  columns,
  from: 'leads l',
  id: 'l.id',
  parent: 'l.owner_id',
  order: ({ isRare }) => (isRare ? rareLeadOrder : leadOrder),
  where: leadConditions,
});
