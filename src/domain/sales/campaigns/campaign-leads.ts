import type { Database } from '#adapters/database/database.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { type ImportTarget, SlicedImport } from '#domain/core/sliced-import.ts';
import { nextTurn } from '#domain/core/time-slices.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { type LeadFilter, leadConditions } from '#domain/sales/lead-filter.ts';
import type { CampaignLead, Prisma } from '#generated/prisma/client.ts';

/** Leads that one campaign can have. */
export const MAX_CAMPAIGN_LEADS = 100_000;
/**
 * Rows of one statement. The embedded database keeps everybody waiting for it, some 10 ms; on PostgreSQL nobody waits, and 100,000
 * leads in statements of 500 took 15 s on a busy machine.
 */
const ROWS_AT_ONCE = { embedded: 500, postgres: 5_000 };
/** Leads of one statement that lists them. */
const LISTED_AT_ONCE = 5_000;

/** A lead of a campaign; no two of one campaign have the same `id`. */
export type CampaignLeadRow = CampaignLead & { id: string };

/** Where the leads of campaigns go that are being created. */
export const CAMPAIGNS: ImportTarget = {
  table: 'campaigns',
  owner: 'owner_id',
  rows: 'campaign_leads',
  parent: 'campaign_id',
  key: 'lead_id',
};

/** Which leads a campaign is to have: those of the ids, or all that pass the filter. */
export type LeadChoice = { leadIds: readonly string[] | null; leadFilter: LeadFilter | null };

/** Returns the ids of the actor's leads that are chosen. Throws BadUserInput where they are none or too many, NotFound. */
export async function listLeads(deps: Deps, { leadIds, leadFilter }: LeadChoice): Promise<string[]> {
  if ((leadIds === null) === (leadFilter === null))
    throw new BadUserInput('input.leadIds', 'Give either `leadIds` or `leadFilter`; an empty filter is all leads.');
  if (leadFilter) return listFiltered(deps, leadFilter);
  const ids = [...new Set(leadIds)];
  assertSize(ids.length, 'input.leadIds');
  for (let first = 0; first < ids.length; first += LISTED_AT_ONCE) {
    const slice = ids.slice(first, first + LISTED_AT_ONCE);
    const count = await deps.database.prisma.lead.count({ where: { id: { in: slice }, ownerId: deps.actor.userId } });
    if (count < slice.length) throw new NotFound('lead');
  }
  return ids;
}

/**
 * In the order of an index, the oldest first, a slice after the other; what is created meanwhile may be among them. By their ids, each
 * slice would look at all leads that pass again.
 */
async function listFiltered(deps: Deps, filter: LeadFilter): Promise<string[]> {
  const ids: string[] = [];
  let after = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const values: unknown[] = [deps.actor.userId, after.at, after.id];
    const conditions = leadConditions(filter, (value, type) => `$${values.push(value)}::${type}`);
    const rows = await deps.database.sql<{ id: string; at: string }>(
      `SELECT l.id, l.created_at::text AS at FROM leads l
       WHERE ${['l.owner_id = $1::uuid', '(l.created_at, l.id) > ($2::timestamptz, $3::uuid)', ...conditions].join(' AND ')}
       ORDER BY l.created_at, l.id LIMIT ${LISTED_AT_ONCE}`,
      values,
    );
    for (const { id } of rows) ids.push(id);
    assertSize(Math.max(1, ids.length), 'input.leadFilter');
    if (rows.length < LISTED_AT_ONCE) break;
    after = rows.at(-1) as typeof after;
    await nextTurn();
  }
  assertSize(ids.length, 'input.leadFilter');
  return ids;
}

function assertSize(leads: number, field: string): void {
  if (leads === 0) throw new BadUserInput(field, 'There is no lead for the campaign to call.');
  if (leads > MAX_CAMPAIGN_LEADS)
    throw new BadUserInput(field, `A campaign has at most ${MAX_CAMPAIGN_LEADS} leads; make several of fewer.`, {
      limit: MAX_CAMPAIGN_LEADS,
    });
}

/** Prepares the rows of a campaign without an owner, and of its leads. */
export function importCampaign(
  { kind }: Pick<Database, 'kind'>,
  campaign: Prisma.CampaignUncheckedCreateInput & { id: string },
  leadIds: readonly string[],
): SlicedImport<readonly string[]> {
  const size = ROWS_AT_ONCE[kind];
  const slices = Array.from({ length: Math.ceil(leadIds.length / size) }, (_, index) =>
    leadIds.slice(index * size, (index + 1) * size),
  );
  return new SlicedImport({
    slices,
    begin: (db: Tx) => db.campaign.create({ data: { ...campaign, ownerId: null }, select: { id: true } }),
    // A lead that was deleted meanwhile is left out. OFFSET 0 has each looked up by its id: PostgreSQL would read all leads.
    insert: (db: Tx, ids) => db.$executeRaw`
      INSERT INTO campaign_leads (campaign_id, lead_id, due_at, blocked_reasons)
      SELECT ${campaign.id}::uuid, l.id, ${campaign.createdAt as Date}, '{}'
      FROM unnest(${`{${ids.join(',')}}`}::uuid[]) AS k(id)
      CROSS JOIN LATERAL (SELECT id FROM leads WHERE id = k.id OFFSET 0) l`,
  });
}
