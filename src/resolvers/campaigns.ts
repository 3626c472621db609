import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import { checkTextFilter } from '#domain/core/validation.ts';
import { type CampaignFilter, MAX_CAMPAIGN_NAME_LENGTH } from '#domain/sales/campaigns/campaign-filter.ts';
import * as domain from '#domain/sales/campaigns/campaigns.ts';
import * as creation from '#domain/sales/campaigns/create-campaign.ts';
import * as deletion from '#domain/sales/campaigns/delete-campaign.ts';
import { progressOf } from '#domain/sales/campaigns/progress.ts';
import * as updates from '#domain/sales/campaigns/update-campaign.ts';
import { windowOf } from '#domain/sales/eligibility/call-window.ts';
import type { Call, Campaign, CampaignLead } from '#generated/prisma/client.ts';
import type { CampaignLeadStatus, CampaignStatus } from '#generated/prisma/enums.ts';
import { callById, callsOfCampaign } from '#loaders/calls.ts';
import {
  type CampaignOrder,
  campaignById,
  campaignOrders,
  campaignsOfUser,
  leadCountsOfCampaign,
  leadsOfCampaign,
} from '#loaders/campaigns.ts';
import { jobById } from '#loaders/jobs.ts';
import { leadById } from '#loaders/leads.ts';
import { userById } from '#loaders/users.ts';
import { ANY_CALL } from './calls.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { rowId } from './global-ids.ts';
import { type LeadFilterInput, toLeadFilter } from './leads.ts';
import { withFreshLoaders } from './subscriptions.ts';

/** Returns a campaign; null where it is missing or somebody else's. */
export const campaign = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(campaignById, rowId(id, 'Campaign', 'id'));

type Filter = { statuses?: readonly CampaignStatus[] | null | undefined; nameContains?: string | null | undefined };
type CampaignsArgs = PageArgs & { filter?: Filter | null | undefined; orderBy?: CampaignOrder | null | undefined };

/** Returns a page of the viewer's campaigns. */
export function campaigns(_root: unknown, { filter, orderBy, ...page }: CampaignsArgs, ctx: Context) {
  const campaignFilter: CampaignFilter = {
    statuses: filter?.statuses ?? null,
    nameContains: checkTextFilter('filter.nameContains', filter?.nameContains, MAX_CAMPAIGN_NAME_LENGTH),
  };
  const ordered = { ...campaignFilter, orderBy: orderBy ?? 'CREATED_DESC' };
  return connection(ctx, campaignsOfUser, { parentId: ctx.deps.actor.userId, filter: ordered }, page);
}

/** Returns the campaign of a payload at its position among the viewer's. */
export const campaignEdge = ({ campaign }: { campaign: Campaign }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, campaignOrders.CREATED_DESC, campaign);

/** Returns the user whose campaign it is. */
export const owner = (row: Campaign, _args: unknown, { load }: Context) => existing(load(userById, row.ownerId));

/** Returns when the leads of a campaign may be called. */
export const callWindow = (row: Campaign) => windowOf(row);

/** Returns how far a campaign is. */
export const progress = async (row: Campaign, _args: unknown, { load }: Context) =>
  progressOf(row, await load(leadCountsOfCampaign, row.id));

/** Returns the job of a campaign; null before it has one. */
export const job = (row: Campaign, _args: unknown, { load }: Context) =>
  row.jobId === null ? null : load(jobById, row.jobId);

/** Returns a page of a campaign's calls, newest first. */
export const calls = ({ id }: Campaign, page: PageArgs, ctx: Context) =>
  connection(ctx, callsOfCampaign, { parentId: id, filter: ANY_CALL }, page);

type LeadsArgs = PageArgs & {
  filter?: { statuses?: readonly CampaignLeadStatus[] | null | undefined } | null | undefined;
};

/** Returns a page of a campaign's leads, newest first. */
export const leads = ({ id }: Campaign, { filter, ...page }: LeadsArgs, ctx: Context) =>
  connection(ctx, leadsOfCampaign, { parentId: id, filter: { statuses: filter?.statuses ?? null } }, page);

/** Returns who is to be called. */
export const lead = ({ leadId }: CampaignLead, _args: unknown, { load }: Context) => existing(load(leadById, leadId));

/** Returns when a lead of a campaign is called at the earliest; null where it is in a call, or is not called any more. */
export const dueAt = (row: CampaignLead) => (row.status === 'PENDING' ? row.dueAt : null);

/** Returns the call that a lead of a campaign is in; null where there is none. */
export const callUnderWay = ({ callId }: CampaignLead, _args: unknown, { load }: Context) =>
  callId === null ? null : load(callById, callId);

/** Returns the campaign of a call; null where it has none. */
export const campaignOfCall = ({ campaignId }: Call, _args: unknown, { load }: Context) =>
  campaignId === null ? null : load(campaignById, campaignId);

type CreateInput = Omit<creation.NewCampaign, 'leadIds' | 'leadFilter'> & {
  leadIds?: readonly string[] | null | undefined;
  leadFilter?: LeadFilterInput | null | undefined;
};

/** Returns the new campaign. */
export async function createCampaign(_root: unknown, { input }: { input: CreateInput }, { deps }: Context) {
  const leadIds = input.leadIds?.map((id, index) => rowId(id, 'Lead', `input.leadIds.${index}`)) ?? null;
  const leadFilter = input.leadFilter ? toLeadFilter(input.leadFilter) : null;
  return { campaign: await creation.createCampaign(deps, { ...input, leadIds, leadFilter }) };
}

/** Returns the campaign as the change left it. */
export async function updateCampaign(_root: unknown, { input }: { input: updates.CampaignUpdate }, { deps }: Context) {
  const campaignId = rowId(input.campaignId, 'Campaign', 'input.campaignId');
  return { campaign: await updates.updateCampaign(deps, { ...input, campaignId }) };
}

/** Returns the id of the campaign that is gone. */
export async function deleteCampaign(_root: unknown, { input }: { input: CampaignInput }, { deps }: Context) {
  await deletion.deleteCampaign(deps, {
    ...input,
    campaignId: rowId(input.campaignId, 'Campaign', 'input.campaignId'),
  });
  return { deletedId: input.campaignId };
}

type CampaignInput = WithIdempotencyKey & { campaignId: string };
type ChangeCampaign = (deps: Context['deps'], input: domain.CampaignToChange) => Promise<Campaign>;

/** Returns the campaign as the change left it. */
const changing =
  (change: ChangeCampaign) =>
  async (_root: unknown, { input }: { input: CampaignInput }, { deps }: Context) => {
    const campaignId = rowId(input.campaignId, 'Campaign', 'input.campaignId');
    return { campaign: await change(deps, { ...input, campaignId }) };
  };

/** Returns the campaign that runs. */
export const startCampaign = changing(domain.startCampaign);
/** Returns the campaign that is paused. */
export const pauseCampaign = changing(domain.pauseCampaign);
/** Returns the campaign that runs again. */
export const resumeCampaign = changing(domain.resumeCampaign);
/** Returns the campaign that is cancelled. */
export const cancelCampaign = changing(domain.cancelCampaign);

/** Yields the campaign as it is, then after changes. */
export function campaignUpdated(_root: unknown, { campaignId }: { campaignId: string }, ctx: Context) {
  const id = rowId(campaignId, 'Campaign', 'campaignId');
  return withFreshLoaders(ctx, (load) =>
    domain.followCampaign(ctx.deps, id, async () => {
      const reading = load();
      const found = await reading(campaignById, id);
      if (!found) return null;
      const { inProgress } = await reading(leadCountsOfCampaign, id);
      return { campaign: found, inProgress };
    }),
  );
}

/** Returns the campaign of an event. */
export const campaignOfEvent = ({ campaign }: { campaign: Campaign }) => campaign;
