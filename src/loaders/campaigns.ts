import type { CampaignFilter } from '#domain/sales/campaigns/campaign-filter.ts';
import type { CampaignLeadRow } from '#domain/sales/campaigns/campaign-leads.ts';
import { COUNT_LEADS, type LeadCounts } from '#domain/sales/campaigns/progress.ts';
import { containsText } from '#domain/text/contains-text.ts';
import { type Campaign, Prisma } from '#generated/prisma/client.ts';
import type { CampaignLeadStatus } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList, type Order } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('c', Prisma.CampaignScalarFieldEnum);

export const campaignById = rowById<Campaign>({
  columns,
  from: 'campaigns c',
  id: 'c.id',
  visible: 'c.owner_id = k.viewer_id AND c.deleted_at IS NULL',
});

export type CampaignOrder = 'CREATED_DESC' | 'CREATED_ASC' | 'NAME_ASC';
type OrderedFilter = CampaignFilter & { orderBy: CampaignOrder };

const id = { sql: 'c.id', type: 'uuid', of: (row: Campaign) => row.id };
const created = { sql: 'c.created_at', type: 'timestamptz', of: (row: Campaign) => row.createdAt };
/** Ordered by code points: a collation would differ from database to database. */
const name = {
  sql: `(fold_text(c.name) COLLATE "C")`,
  type: 'text',
  of: (row: Campaign) => row.name,
  ofCursor: (value: string) => `fold_text(${value})`,
};

export const campaignOrders: Record<CampaignOrder, Order<Campaign>> = {
  CREATED_DESC: { name: 'campaigns', descending: true, keys: [created, id] },
  CREATED_ASC: { name: 'campaigns.oldest', descending: false, keys: [created, id] },
  NAME_ASC: { name: 'campaigns.name', descending: false, keys: [name, id] },
};

export const campaignsOfUser = defineList<Campaign, OrderedFilter>({
  columns,
  from: 'campaigns c',
  id: 'c.id',
  parent: 'c.owner_id',
  order: ({ orderBy }) => campaignOrders[orderBy],
  where: ({ statuses, nameContains }: CampaignFilter, bind: Bind) => [
    'c.deleted_at IS NULL',
    ...(statuses ? [`c.status = ANY(${bind(statuses, 'campaign_status[]')})`] : []),
    ...(nameContains ? [containsText('c.name', bind(nameContains, 'text'))] : []),
  ],
});

const leadColumns = columnsOf('cl', Prisma.CampaignLeadScalarFieldEnum);

/** The newest lead first, by id: the index by status has this order. */
export const leadsOfCampaign = defineList<CampaignLeadRow, { statuses: readonly CampaignLeadStatus[] | null }>({
  columns: { ...leadColumns, list: `${leadColumns.list}, cl.lead_id AS "id"` },
  from: 'campaign_leads cl',
  id: 'cl.lead_id',
  parent: 'cl.campaign_id',
  order: () => campaignLeadOrder,
  where: ({ statuses }, bind) => (statuses ? [`cl.status = ANY(${bind(statuses, 'campaign_lead_status[]')})`] : []),
});

const campaignLeadOrder: Order<CampaignLeadRow> = {
  name: 'campaign.leads',
  descending: true,
  keys: [{ sql: 'cl.lead_id', type: 'uuid', of: ({ leadId }) => leadId }],
};

/** The leads of a campaign, counted by their status. */
export const leadCountsOfCampaign = defineLoader<string, LeadCounts>({
  batch: ({ database }, requests) => database.sql<LeadCounts>(COUNT_LEADS, [requests.map(({ key }) => key)]),
});
