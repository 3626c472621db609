import { NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { PageArgs } from '#domain/core/paging.ts';
import * as doNotCall from '#domain/sales/do-not-call.ts';
import { callEligibility as judge } from '#domain/sales/eligibility/call-eligibility.ts';
import * as imports from '#domain/sales/import/import-leads.ts';
import { checkLeadFilter, type LeadFilter } from '#domain/sales/lead-filter.ts';
import * as zones from '#domain/sales/lead-zones.ts';
import * as domain from '#domain/sales/leads.ts';
import { placeOfNumber } from '#domain/sales/phones/number-place.ts';
import * as tagging from '#domain/sales/tag-leads.ts';
import type { Lead } from '#generated/prisma/client.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';
import { campaignById } from '#loaders/campaigns.ts';
import { type LeadOrder, leadById, leadListOf, leadOrders } from '#loaders/leads.ts';
import { userById } from '#loaders/users.ts';
import { connection, edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { existing } from './existing.ts';
import { optionalRowId, rowId } from './global-ids.ts';

/** Returns a lead; null where it is missing or somebody else's. */
export const lead = (_root: unknown, { id }: { id: string }, { load }: Context) =>
  load(leadById, rowId(id, 'Lead', 'id'));

/** Returns the lead of a payload at its position among the viewer's. */
export const leadEdge = ({ lead }: { lead: Lead }, _args: unknown, ctx: Context) =>
  edgeIn(ctx, leadOrders.CREATED_DESC, lead);

export type LeadFilterInput = Omit<LeadFilter, 'statuses' | 'tagsAny' | 'search'> & {
  statuses?: readonly LeadStatus[] | null | undefined;
  tagsAny?: readonly string[] | null | undefined;
  search?: string | null | undefined;
};

/** Returns a filter in which what is left out is null. */
export const toLeadFilter = ({
  statuses = null,
  tagsAny = null,
  search = null,
  ...times
}: LeadFilterInput): LeadFilter => ({
  ...times,
  statuses,
  tagsAny,
  search,
});

type LeadsArgs = PageArgs & {
  filter?: LeadFilterInput | null | undefined;
  orderBy?: LeadOrder | null | undefined;
};

/** Returns a page of the viewer's leads. */
export async function leads(_root: unknown, { filter, orderBy, ...page }: LeadsArgs, ctx: Context) {
  const ordered = { ...checkLeadFilter(toLeadFilter(filter ?? {})), orderBy: orderBy ?? 'CREATED_DESC' };
  return connection(ctx, leadListOf(ordered), { parentId: ctx.deps.actor.userId, filter: ordered }, page);
}

/** Returns the user whose lead it is. */
export const owner = (row: Lead, _args: unknown, { load }: Context) => existing(load(userById, row.ownerId));

/** Returns the country of a lead's number; null where it has none. */
export const country = (row: Lead) => placeOfNumber(row.phone).country;

/** Returns the zone of a lead, or one that stands for those that its number can be in. */
export const timeZone = (row: Lead) => zones.timeZoneOf(row);

/** Returns every zone that a lead can be in. */
export const possibleTimeZones = (row: Lead, _args: unknown, { deps }: Context) =>
  zones.possibleTimeZones(deps.sales, row);

type EligibilityArgs = { at?: Date | null | undefined; campaignId?: string | null | undefined };

/** Returns whether a lead may be called, by a campaign where one is named, and every reason why it may not. */
export async function callEligibility(row: Lead, { at, campaignId }: EligibilityArgs, { deps, load }: Context) {
  const id = optionalRowId(campaignId, 'Campaign', 'campaignId');
  const campaign = id && (await load(campaignById, id));
  if (id && !campaign) throw new NotFound('campaign');
  return judge(deps, row, at ?? deps.now(), { campaign: campaign || null });
}

type Input<T> = { input: T };

/** Returns the new lead. */
export async function createLead(_root: unknown, { input }: Input<domain.NewLead>, { deps }: Context) {
  return { lead: await domain.createLead(deps, input) };
}

/** Returns the lead as the change left it. */
export async function updateLead(_root: unknown, { input }: Input<domain.LeadChange>, { deps }: Context) {
  return { lead: await domain.updateLead(deps, { ...input, leadId: rowId(input.leadId, 'Lead', 'input.leadId') }) };
}

type LeadToDelete = WithIdempotencyKey & { leadId: string };

/** Returns the id of the lead that is gone. */
export async function deleteLead(_root: unknown, { input }: Input<LeadToDelete>, { deps }: Context) {
  await domain.deleteLead(deps, { ...input, leadId: rowId(input.leadId, 'Lead', 'input.leadId') });
  return { deletedId: input.leadId };
}

/** Returns how many leads an import has created and changed, and what is wrong with the other rows. */
export const importLeads = (_root: unknown, { input }: Input<imports.LeadImport>, { deps }: Context) =>
  imports.importLeads(deps, input);

type TagInput = WithIdempotencyKey & {
  leadIds?: readonly string[] | null | undefined;
  leadFilter?: LeadFilterInput | null | undefined;
  add?: readonly string[] | null | undefined;
  remove?: readonly string[] | null | undefined;
};

/** Returns how many leads were tagged. */
export const tagLeads = (_root: unknown, { input }: Input<TagInput>, { deps }: Context) =>
  tagging.tagLeads(deps, {
    ...input,
    leadIds: input.leadIds?.map((id, index) => rowId(id, 'Lead', `input.leadIds.${index}`)) ?? null,
    leadFilter: input.leadFilter ? toLeadFilter(input.leadFilter) : null,
    add: input.add ?? [],
    remove: input.remove ?? [],
  });

/** Returns the number that may be called again. */
export async function liftDoNotCall(_root: unknown, { input }: Input<doNotCall.DoNotCallLift>, { deps }: Context) {
  await doNotCall.liftDoNotCall(deps, { ...input, userId: rowId(input.userId, 'User', 'input.userId') });
  return { phone: input.phone };
}
