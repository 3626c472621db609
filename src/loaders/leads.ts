import { isNarrow, LAST_ATTEMPT, type LeadFilter, leadConditions } from '#domain/sales/lead-filter.ts';
import { type Lead, Prisma } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { defineList, type Order } from './list.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('l', Prisma.LeadScalarFieldEnum, ['notes']);

export const leadById = rowById<Lead>({ columns, from: 'leads l', id: 'l.id', visible: 'l.owner_id = k.viewer_id' });

export type LeadOrder =
  | 'CREATED_DESC'
  | 'CREATED_ASC'
  | 'UPDATED_DESC'
  | 'NAME_ASC'
  | 'LAST_ATTEMPT_DESC'
  | 'LAST_ATTEMPT_ASC';
export type OrderedLeads = LeadFilter & { orderBy: LeadOrder };

const id = { sql: 'l.id', type: 'uuid', of: (row: Lead) => row.id };
const created = { sql: 'l.created_at', type: 'timestamptz', of: (row: Lead) => row.createdAt };
const updated = { sql: 'l.updated_at', type: 'timestamptz', of: (row: Lead) => row.updatedAt };
const lastAttempt = { sql: LAST_ATTEMPT, type: 'timestamptz', of: (row: Lead) => row.lastAttemptAt ?? '-infinity' };
/** The expression of the index `leads_name`. Ordered by code points: a collation would differ from database to database. */
const name = {
  sql: `(left(fold_text(l.name), 200) COLLATE "C")`,
  type: 'text',
  of: (row: Lead) => row.name,
  ofCursor: (value: string) => `left(fold_text(${value}), 200)`,
};

export const leadOrders: Record<LeadOrder, Order<Lead>> = {
  CREATED_DESC: { name: 'leads', descending: true, keys: [created, id] },
  CREATED_ASC: { name: 'leads.oldest', descending: false, keys: [created, id] },
  UPDATED_DESC: { name: 'leads.updated', descending: true, keys: [updated, id] },
  NAME_ASC: { name: 'leads.name', descending: false, keys: [name, id] },
  LAST_ATTEMPT_DESC: { name: 'leads.attempted', descending: true, keys: [lastAttempt, id] },
  LAST_ATTEMPT_ASC: { name: 'leads.unattempted', descending: false, keys: [lastAttempt, id] },
};

/** The same order by the columns of the table of tags. */
const taggedOrder = (order: Order<Lead>): Order<Lead> => ({
  ...order,
  keys: order.keys.map((key) => ({ ...key, sql: key.type === 'uuid' ? 't.lead_id' : 't.created_at' })),
});

const taggedOrders: Partial<Record<LeadOrder, Order<Lead>>> = {
  CREATED_DESC: taggedOrder(leadOrders.CREATED_DESC),
  CREATED_ASC: taggedOrder(leadOrders.CREATED_ASC),
};

/** Returns the list that has an owner's leads in an order by a filter. */
export const leadListOf = ({ tagsAny, orderBy }: OrderedLeads) =>
  tagsAny && orderBy in taggedOrders ? leadsByTag : leadsOfUser;

const leadsOfUser = defineList<Lead, OrderedLeads>({
  columns,
  from: 'leads l',
  id: 'l.id',
  parent: 'l.owner_id',
  order: ({ orderBy }) => leadOrders[orderBy],
  where: ({ orderBy: _, ...filter }, bind) => leadConditions(filter, bind),
  // By creation, the plan is the same for all filters; of any other order, it depends on how much the filter leaves.
  isPlannedAnew: ({ orderBy, statuses, tagsAny, search, ...times }) =>
    isNarrow({ ...times, statuses: null, tagsAny: null, search: null }) ||
    (orderBy !== 'CREATED_DESC' && Boolean(statuses || tagsAny || search)),
});

const isFilteredFurther = ({ orderBy: _, ...filter }: OrderedLeads) => isNarrow(filter);

const TAGGED_LEADS = 'lead_tags t JOIN leads l ON l.id = t.lead_id';

/**
 * The same leads in the orders by creation for a filter by tags, through a table with a row for each lead and tag. With the array of tags
 * in the leads themselves, a tag of 20,000 old leads among 200,000 took half a second. An empty list of tags matches no lead. The best plan
 * of a filter with further conditions depends on which of them is the most selective.
 */
const leadsByTag = defineList<Lead, OrderedLeads>({
  columns,
  from: TAGGED_LEADS,
  countFrom: (filter) => (isFilteredFurther(filter) ? TAGGED_LEADS : 'lead_tags t'),
  id: 't.lead_id',
  parent: 't.owner_id',
  order: ({ orderBy }) => taggedOrders[orderBy] as Order<Lead>,
  unionOf: (filter) =>
    filter.tagsAny?.length ? filter.tagsAny.map((tag) => ({ ...filter, tagsAny: [tag] })) : [filter],
  where: ({ orderBy: _, tagsAny, ...others }, bind) => [
    `t.tag = ${bind(tagsAny?.[0] ?? null, 'text')}`,
    ...(isNarrow({ ...others, tagsAny })
      ? ['l.owner_id = t.owner_id', ...leadConditions({ ...others, tagsAny: null }, bind)]
      : []),
  ],
  isPlannedAnew: isFilteredFurther,
});
