import type { PageArgs } from '#domain/core/paging.ts';
import * as starts from '#domain/sales/calls/dialling/call-lead.ts';
import * as cancels from '#domain/sales/calls/ending/cancel-call.ts';
import type { CallEvidence } from '#domain/sales/eligibility/call-evidence.ts';
import type { Call, Lead, Meeting } from '#generated/prisma/client.ts';
import type { CallDirection, CallOutcome, CallStatus } from '#generated/prisma/enums.ts';
import {
  type CallFilter,
  type CallOrder,
  callById,
  callOrders,
  callsOfCampaign,
  callsOfLead,
  callsOfUser,
} from '#loaders/calls.ts';
import { campaignById } from '#loaders/campaigns.ts';
import { conversationById } from '#loaders/conversations.ts';
import { leadById } from '#loaders/leads.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

/** Returns a call; null where it is missing or somebody else's. */
export const call = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(callById, rowId(id, 'Call', 'id'));

/** Every call, as a filter; the newest first. */
export const ANY_CALL: CallFilter = {
  orderBy: 'QUEUED_DESC',
  statuses: null,
  outcomes: null,
  directions: null,
  leadId: null,
  queuedFrom: null,
  queuedBefore: null,
  startedAfter: null,
  startedBefore: null,
};

type Filter = {
  statuses?: readonly CallStatus[] | null | undefined;
  outcomes?: readonly CallOutcome[] | null | undefined;
  directions?: readonly CallDirection[] | null | undefined;
  leadId?: string | null | undefined;
  campaignId?: string | null | undefined;
  queuedFrom?: Date | null | undefined;
  queuedBefore?: Date | null | undefined;
  startedAfter?: Date | null | undefined;
  startedBefore?: Date | null | undefined;
};
type CallsArgs = PageArgs & { filter?: Filter | null | undefined; orderBy?: CallOrder | null | undefined };

/** The id of no campaign, which has no calls. */
const NO_CAMPAIGN = '00000000-0000-0000-0000-000000000000';

/** Returns a page of the viewer's calls. */
export async function calls(_root: unknown, { filter, orderBy, ...page }: CallsArgs, ctx: Context) {
  const callFilter: CallFilter = {
    orderBy: orderBy ?? ANY_CALL.orderBy,
    statuses: filter?.statuses ?? null,
    outcomes: filter?.outcomes ?? null,
    directions: filter?.directions ?? null,
    leadId: optionalRowId(filter?.leadId, 'Lead', 'filter.leadId'),
    queuedFrom: filter?.queuedFrom ?? null,
    queuedBefore: filter?.queuedBefore ?? null,
    startedAfter: filter?.startedAfter ?? null,
    startedBefore: filter?.startedBefore ?? null,
  };
  const campaignId = optionalRowId(filter?.campaignId, 'Campaign', 'filter.campaignId');
  if (campaignId) {
    const own = await ctx.load(campaignById, campaignId);
    return connection(ctx, callsOfCampaign, { parentId: own?.id ?? NO_CAMPAIGN, filter: callFilter }, page);
  }
  return connection(ctx, callsOfUser, { parentId: ctx.deps.actor.userId, filter: callFilter }, page);
}

/** Returns a page of the calls with a lead, newest first. */
export const callsWithLead = ({ id }: Lead, page: PageArgs, ctx: Context) =>
  connection(ctx, callsOfLead, { parentId: id, filter: ANY_CALL }, page);

/** Returns the call in which a meeting was booked; null where there is none. */
export const callOfMeeting = ({ callId }: Meeting, _args: unknown, { load }: Context) =>
  callId === null ? null : load(callById, callId);

/** Returns the call of a payload at its position among the viewer's. */
export const callEdge = ({ call }: { call: Call }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, callOrders.QUEUED_DESC, call);

/** Returns whom a call is with. */
export const lead = (row: Call, _args: unknown, { load }: Context) => existing(load(leadById, row.leadId));

/** Returns what was said in a call; null where its owner has deleted that. */
export const conversation = (row: Call, _args: unknown, { load }: Context) =>
  row.conversationId === null ? null : load(conversationById, row.conversationId);

/** Returns what allowed a call when it was dialled; null where it was not. */
export const evidence = (row: Call) => row.evidence as CallEvidence | null;

/** Returns how long a call was talked in, so far only once it is over; null where it was not answered. */
export const durationSeconds = ({ startedAt, endedAt }: Call): number | null =>
  startedAt && endedAt ? Math.max(0, endedAt.getTime() - startedAt.getTime()) / 1000 : null;

type Input<T> = { input: T };

/** Returns the call that was placed, and the job that dials. */
export const callLead = (_root: unknown, { input }: Input<starts.LeadToCall>, { deps }: Context) =>
  starts.callLead(deps, { ...input, leadId: rowId(input.leadId, 'Lead', 'input.leadId') });

/** Returns the call that is over. */
export async function cancelCall(_root: unknown, { input }: Input<cancels.CallToCancel>, { deps }: Context) {
  return { call: await cancels.cancelCall(deps, { ...input, callId: rowId(input.callId, 'Call', 'input.callId') }) };
}
