import { Conflict } from '#domain/core/errors.ts';
import type { JobChange, JobHooks } from '#domain/core/job-hooks.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Job } from '#generated/prisma/client.ts';
import { cancelCampaignOf } from './campaigns.ts';
import { touchCampaign } from './settle-campaign-lead.ts';

/** Keep a campaign in step with its job. */
export const campaignJobHooks: JobHooks = {
  /** Resumes a campaign whose job has failed; a DRAFT stays one. Throws Conflict if it is over, or was deleted. */
  async onRetry(change, job) {
    const campaign = await findWaiting(change, job);
    if (!campaign) throw new Conflict('The campaign of this job is over, or has another job.', { jobId: job.id });
    const status = campaign.status === 'DRAFT' ? 'DRAFT' : 'RUNNING';
    await change.tx.campaign.update({
      where: { id: campaign.id },
      data: { status, lineRefusal: null },
      select: { id: true },
    });
    await touchCampaign(change, campaign.id);
  },
  /** Pauses the campaign if it is running; `resumeCampaign` or `retryJob` resumes it. */
  async onFailed(change, { subjectId }) {
    if (subjectId === null) return;
    const { count } = await change.tx.campaign.updateMany({
      where: { id: subjectId, status: 'RUNNING' },
      data: { status: 'PAUSED', waitingSince: null },
    });
    if (count > 0) await touchCampaign(change, subjectId);
  },
  async onCancelled(change, { subjectId }) {
    if (subjectId !== null) await cancelCampaignOf(change, subjectId);
  },
};

async function findWaiting({ tx }: JobChange, { id: jobId, subjectId }: Job) {
  if (subjectId === null) return null;
  await lockRow(tx, 'campaigns', subjectId);
  return tx.campaign.findFirst({ where: { id: subjectId, jobId, status: { in: ['DRAFT', 'PAUSED'] } } });
}
