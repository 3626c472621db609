import { campaignChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict } from '#domain/core/errors.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import type { RetentionRule } from '#domain/core/retention.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { write } from '#domain/core/write.ts';
import { cancelLockedJob } from '#domain/jobs/jobs.ts';
import { forgetChosenLeads } from './campaign-leads.ts';
import { type CampaignToChange, cancelledColumns, lockCampaign } from './campaigns.ts';
import { isCalling } from './update-campaign.ts';

/**
 * Deletes a campaign that is a DRAFT or over: nobody sees it any more, and its calls stay with their leads. Its rows, which may be hundreds
 * of thousands, go with the next clean-up (`deletedCampaignRetention`). Safe to repeat with the same idempotency key. Throws NotFound,
 * Conflict (it is not over, or one of its calls is still in progress), IdempotencyConflict.
 */
export async function deleteCampaign(deps: Deps, { campaignId: id, idempotencyKey }: CampaignToChange): Promise<void> {
  await write(deps, {
    action: 'campaign.delete',
    once: { key: idempotencyKey, input: { campaignId: id } },
    async run(change) {
      const { tx, about, changed, publish } = change;
      const { job, campaign } = await lockCampaign(tx, deps, id);
      const { status, ownerId } = campaign;
      if (status === 'RUNNING' || status === 'PAUSED')
        throw new Conflict(`The campaign is ${status}: cancel it first, with \`cancelCampaign\`.`, { status });
      if (await isCalling(tx, id))
        throw new Conflict(
          'A call of the campaign is still in progress: delete it after that, or end the call first.',
          { status },
        );
      const now = deps.now();
      if (job && !hasEnded(job.status)) await cancelLockedJob(deps, { ...change, now }, job);
      await forgetChosenLeads(tx, id);
      const ended = status === 'DRAFT' ? cancelledColumns(now) : {};
      await tx.campaign.update({ where: { id }, data: { ...ended, deletedAt: now }, select: { id: true } });
      about({ type: 'Campaign', id });
      changed({ ownerId, type: 'CAMPAIGN', id, deleted: true });
      publish(campaignChannel(id));
    },
  });
}

/** How many rows one transaction deletes or changes: some 10 ms of the embedded database, which blocks everybody else. */
const SLICE_ROWS = 500;

/** Removes the rows of deleted campaigns; their calls stay, without a campaign. */
export const deletedCampaignRetention: RetentionRule = {
  rows: 'deleted campaigns',
  async deleteSlice({ tx }) {
    const [campaign] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM campaigns WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 1`;
    return campaign ? { deleted: await deleteRowsOf(tx, campaign.id), more: true } : { deleted: 0, more: false };
  },
};

async function deleteRowsOf(tx: Tx, campaignId: string): Promise<number> {
  for (const statement of [DELETE_LEADS, RELEASE_CALLS]) {
    const rows = await tx.$executeRawUnsafe(statement, campaignId);
    if (rows > 0) return rows;
  }
  const { count } = await tx.campaign.deleteMany({ where: { id: campaignId } });
  return count;
}

const DELETE_LEADS = /* sql */ `
DELETE FROM campaign_leads WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM campaign_leads WHERE campaign_id = $1::uuid LIMIT ${SLICE_ROWS}))`;

const RELEASE_CALLS = /* sql */ `
UPDATE calls SET campaign_id = NULL WHERE id IN (
  SELECT id FROM calls WHERE campaign_id = $1::uuid LIMIT ${SLICE_ROWS})`;
