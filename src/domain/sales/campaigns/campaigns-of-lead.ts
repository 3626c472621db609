import type { Deps } from '#domain/core/deps.ts';
import { lockName } from '#domain/core/row-locks.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { wakeJob } from '#domain/jobs/sleeping-jobs.ts';
import type { CampaignStatus } from '#generated/prisma/enums.ts';
import { touchCampaign } from './settle-campaign-lead.ts';

/**
 * Serializes deleting an owner's leads, choosing them for campaigns, and adding them. Otherwise a deletion would not notify a campaign that
 * it cannot see yet, and that loses a lead by it.
 */
export async function acquireCampaignLock(tx: Tx, ownerId: string): Promise<void> {
  await lockName(tx, `parley:campaigns:${ownerId}`);
}

/** The statuses in which leads may still be added. */
const OPEN: CampaignStatus[] = ['DRAFT', 'RUNNING', 'PAUSED'];

/**
 * Wakes the actor's campaigns that lose a lead because the transaction deletes it, as they may be complete now. Has to come before the lead
 * is locked.
 */
export async function leaveCampaigns(change: TransactionChange, deps: Deps, leadId: string): Promise<void> {
  const campaigns = await change.tx.campaign.findMany({
    where: {
      ownerId: deps.actor.userId,
      deletedAt: null,
      OR: [{ leads: { some: { leadId } } }, { status: { in: OPEN }, slices: { some: { leadIds: { has: leadId } } } }],
    },
    select: { id: true, jobId: true },
    orderBy: { id: 'asc' },
  });
  for (const { jobId } of campaigns) if (jobId) await wakeJob(change, deps, jobId);
  for (const { id } of campaigns) await touchCampaign(change, id);
  await change.tx
    .$executeRaw`UPDATE campaign_lead_slices SET lead_ids = array_remove(lead_ids, ${leadId}::uuid), size = size - 1
    WHERE campaign_id = ANY(${campaigns.map(({ id }) => id)}::uuid[]) AND ${leadId}::uuid = ANY(lead_ids)`;
}
