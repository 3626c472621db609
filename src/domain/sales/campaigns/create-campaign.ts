import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { checkLeadFilter, type LeadFilter } from '#domain/sales/lead-filter.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import type { Campaign } from '#generated/prisma/client.ts';
import { type CampaignFields, campaignColumns } from './campaign-columns.ts';
import { addNextLeads, chooseLeads } from './campaign-leads.ts';
import { enqueueRun, findOwnCampaign } from './campaigns.ts';
import { acquireCampaignLock } from './campaigns-of-lead.ts';

/** The defaults of a campaign. */
export const DEFAULTS = { maxConcurrentCalls: 3, maxAttempts: 3 };

/** A campaign to create; its leads are either those with the ids, or all that match the filter now. */
export type NewCampaign = CampaignFields &
  WithIdempotencyKey & {
    name: string;
    goal: string;
    leadIds: readonly string[] | null;
    leadFilter: LeadFilter | null;
  };

/**
 * Creates a campaign of the leads chosen now, which calls nobody until it is started. The first leads are added at once, the others by its
 * job, which also starts it at `startsAt`. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound (a lead),
 * IdempotencyConflict.
 */
export async function createCampaign(deps: Deps, { idempotencyKey, ...input }: NewCampaign): Promise<Campaign> {
  const columns = campaignColumns(deps, { ...defaultsOf(deps), ...withoutNulls(input) }) as NewColumns;
  const leadFilter = input.leadFilter && checkLeadFilter(input.leadFilter);
  const [id, ownerId] = [uuidv7(), deps.actor.userId];
  return writeAndLoad(deps, {
    action: 'campaign.create',
    once: { key: idempotencyKey, input },
    async run(change) {
      const { tx, about, changed } = change;
      await acquireCampaignLock(tx, ownerId);
      const row = { ...columns, id, ownerId, createdAt: deps.now() };
      await tx.campaign.create({ data: row, select: { id: true } });
      const leads = await chooseLeads(tx, deps, id, { leadIds: input.leadIds, leadFilter });
      const leavesMore = (await addNextLeads(tx, id)) > 0;
      if (leavesMore || columns.startsAt)
        await tx.campaign.update({
          where: { id },
          data: { jobId: await enqueueRun(change, id) },
          select: { id: true },
        });
      about({ type: 'Campaign', id }, { leads });
      changed({ ownerId, type: 'CAMPAIGN', id });
      return id;
    },
    what: 'campaign',
    load: (campaignId, tx) => findOwnCampaign(tx, deps, campaignId),
  });
}

type NewColumns = Required<Omit<Columns, 'startsAt'>> & Pick<Columns, 'startsAt'>;
type Columns = ReturnType<typeof campaignColumns>;

/** What a campaign gets where nothing is given. */
const defaultsOf = ({ sales }: Deps) => ({
  language: DEFAULT_LANGUAGE,
  callWindow: sales.callWindow,
  maxConcurrentCalls: DEFAULTS.maxConcurrentCalls,
  maxAttempts: Math.min(DEFAULTS.maxAttempts, sales.maxAttempts),
});

const withoutNulls = (input: NewCampaign): CampaignFields =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value != null));
