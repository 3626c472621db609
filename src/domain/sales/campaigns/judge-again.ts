import type { Deps } from '#domain/core/deps.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';

/** After how many milliseconds the job yields to other campaigns. */
const JUDGING_MS = 1_000;
/** How many leads one transaction changes: some 10 ms of the embedded database, which blocks everybody else. */
const SLICE_LEADS = 1_000;

/**
 * After the call window of a campaign has changed, makes leads due that were put off by the former one: those that were not called yet,
 * because the others are due by the intervals of their retries. One slice per transaction, for up to JUDGING_MS. Returns whether it is
 * done. Throws AttemptEnded.
 */
export async function judgeAgain(deps: Deps, campaignId: string, job: RunningJob): Promise<boolean> {
  const { prisma } = deps.database;
  const endsAt = performance.now() + JUDGING_MS;
  while (performance.now() < endsAt) {
    const campaign = await prisma.campaign.findUnique({ where: { id: campaignId }, select: { windowChangedAt: true } });
    if (!campaign?.windowChangedAt) return true;
    job.signal.throwIfAborted();
    await makeSliceDue(campaignId, campaign.windowChangedAt, job);
  }
  return false;
}

const makeSliceDue = (campaignId: string, windowChangedAt: Date, job: RunningJob) =>
  job.writeFenced(async ({ tx }) => {
    await lockRow(tx, 'campaigns', campaignId);
    const leads = await tx.$executeRawUnsafe(MAKE_DUE, campaignId, windowChangedAt);
    if (leads === SLICE_LEADS) return;
    await tx.campaign.updateMany({ where: { id: campaignId, windowChangedAt }, data: { windowChangedAt: null } });
  });

const MAKE_DUE = /* sql */ `
UPDATE campaign_leads SET due_at = $2::timestamptz WHERE campaign_id = $1::uuid AND lead_id IN (
  SELECT lead_id FROM campaign_leads
  WHERE campaign_id = $1::uuid AND status = 'PENDING' AND due_at > $2::timestamptz AND attempts = 0 LIMIT ${SLICE_LEADS})`;
