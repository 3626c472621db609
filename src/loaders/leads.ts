import { type LeadFilter, leadConditions } from '#domain/sales/lead-filter.ts';
import { type Lead, Prisma } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { defineList, type Order } from './list.ts';
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

/** The same order by the columns of the table of tags. */
const taggedLeadOrder: Order<Lead> = {
  ...leadOrder,
  keys: leadOrder.keys.map((key) => ({ ...key, sql: key.type === 'uuid' ? 't.lead_id' : 't.created_at' })),
};

export const leadsOfUser = defineList<Lead, LeadFilter>({
  columns,
  from: 'leads l',
  id: 'l.id',
  parent: 'l.owner_id',
  order: () => leadOrder,
  where: leadConditions,
});

/** Whether the filter has conditions besides tags: the best plan then depends on which condition is the most selective. */
const isNarrow = ({ statuses, search }: Pick<LeadFilter, 'statuses' | 'search'>) => Boolean(statuses || search);

const TAGGED_LEADS = 'lead_tags t JOIN leads l ON l.id = t.lead_id';

/**
 * The same leads in the same order for a filter by tags, through a table with a row for each lead and tag. With the array of tags in the
 * leads themselves, a tag of 20,000 old leads among 200,000 took half a second. An empty list of tags matches no lead.
 */
export const leadsByTag = defineList<Lead, LeadFilter>({
  columns,
  from: TAGGED_LEADS,
  countFrom: (filter) => (isNarrow(filter) ? TAGGED_LEADS : 'lead_tags t'),
  id: 't.lead_id',
  parent: 't.owner_id',
  order: () => taggedLeadOrder,
  unionOf: (filter) =>
    filter.tagsAny?.length ? filter.tagsAny.map((tag) => ({ ...filter, tagsAny: [tag] })) : [filter],
  where: ({ tagsAny, ...others }, bind) => [
    `t.tag = ${bind(tagsAny?.[0] ?? null, 'text')}`,
    ...(isNarrow(others) ? ['l.owner_id = t.owner_id', ...leadConditions({ ...others, tagsAny: null }, bind)] : []),
  ],
  isPlannedAnew: isNarrow,
});
