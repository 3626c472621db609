import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { type LeadFilter, leadConditions } from '#domain/sales/lead-filter.ts';
import type { CampaignLead } from '#generated/prisma/client.ts';

/** The maximum number of leads in one campaign. */
export const MAX_CAMPAIGN_LEADS = 100_000;
/** How many leads are added together: some 25 ms of the embedded database, which blocks everybody else. */
const SLICE_LEADS = 250;

/** A lead of a campaign; `id` is unique within the campaign. */
export type CampaignLeadRow = CampaignLead & { id: string };

/** Which leads a campaign gets: those with the ids, or all that match the filter. */
export type LeadChoice = { leadIds: readonly string[] | null; leadFilter: LeadFilter | null };

/**
 * Chooses the actor's leads for a campaign, oldest first, which `addNextLeads` then adds; returns their number. The caller holds the
 * campaign lock. Throws BadUserInput (none, or too many), NotFound.
 */
export async function chooseLeads(
  tx: Tx,
  { actor }: Deps,
  campaignId: string,
  { leadIds, leadFilter }: LeadChoice,
): Promise<number> {
  if ((leadIds === null) === (leadFilter === null))
    throw new BadUserInput('input.leadIds', 'Give either `leadIds` or `leadFilter`; an empty filter is all leads.');
  const ids = leadIds && [...new Set(leadIds)];
  const values: unknown[] = [campaignId, actor.userId];
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const conditions = ids ? [`l.id = ANY(${bind(ids, 'uuid[]')})`] : leadConditions(leadFilter as LeadFilter, bind);
  const slices = await tx.$queryRawUnsafe<{ size: number }[]>(chooseStatement(conditions), ...values);
  const chosen = slices.reduce((sum, { size }) => sum + size, 0);
  assertSize(ids?.length ?? chosen, ids ? 'input.leadIds' : 'input.leadFilter');
  if (ids && chosen < ids.length) throw new NotFound('lead');
  return chosen;
}

/**
 * One more than the maximum is enough to see that they are too many. Sorting before numbering takes half as long as sorting within the
 * window function.
 */
const chooseStatement = (conditions: readonly string[]) => /* sql */ `
INSERT INTO campaign_lead_slices (campaign_id, index, lead_ids, size)
SELECT $1::uuid, (n - 1) / ${SLICE_LEADS}, array_agg(id), count(*) FROM (
  SELECT id, row_number() OVER () AS n FROM (
    SELECT l.id FROM leads l WHERE ${['l.owner_id = $2::uuid', ...conditions].join(' AND ')}
    ORDER BY l.created_at, l.id LIMIT ${MAX_CAMPAIGN_LEADS + 1}) chosen) numbered
GROUP BY 2 RETURNING size`;

function assertSize(leads: number, field: string): void {
  if (leads === 0) throw new BadUserInput(field, 'There is no lead for the campaign to call.');
  if (leads > MAX_CAMPAIGN_LEADS)
    throw new BadUserInput(field, `A campaign has at most ${MAX_CAMPAIGN_LEADS} leads; make several of fewer.`, {
      limit: MAX_CAMPAIGN_LEADS,
    });
}

/** Drops the leads that were not yet added to a campaign that is over; their number still counts. */
export async function forgetChosenLeads(tx: Tx, campaignId: string): Promise<void> {
  await tx.$executeRaw`UPDATE campaign_lead_slices SET lead_ids = '{}' WHERE campaign_id = ${campaignId}::uuid`;
}

/** Adds the next slice of the leads chosen for a campaign, if any; returns how many slices are left. */
export async function addNextLeads(tx: Tx, campaignId: string): Promise<number> {
  const [row] = await tx.$queryRawUnsafe<{ left: number }[]>(ADD_NEXT, campaignId);
  return row?.left ?? 0;
}

/** Skips leads that were deleted meanwhile by a process which does not know of slices. */
const ADD_NEXT = /* sql */ `
WITH next AS (
  DELETE FROM campaign_lead_slices WHERE campaign_id = $1::uuid
    AND index = (SELECT min(index) FROM campaign_lead_slices WHERE campaign_id = $1::uuid)
  RETURNING lead_ids
), added AS (
  INSERT INTO campaign_leads (campaign_id, lead_id, due_at, blocked_reasons)
  SELECT c.id, l.id, c.created_at, '{}' FROM campaigns c, next, unnest(next.lead_ids) WITH ORDINALITY k(id, n)
  JOIN leads l ON l.id = k.id WHERE c.id = $1::uuid ORDER BY k.n
)
SELECT greatest(count(*) - 1, 0)::int AS left FROM campaign_lead_slices WHERE campaign_id = $1::uuid`;
