import type { Deps } from '#domain/core/deps.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import { addNextLeads } from './campaign-leads.ts';
import { acquireCampaignLock } from './campaigns-of-lead.ts';
import { touchCampaign } from './settle-campaign-lead.ts';

/** After how many milliseconds the job yields to other campaigns. */
const ADDING_MS = 1_000;

/**
 * Adds further leads of those chosen for a campaign, one slice per transaction, for up to ADDING_MS. Returns whether the campaign has all
 * of them. Throws AttemptEnded.
 */
export async function addLeads(deps: Deps, campaignId: string, job: RunningJob): Promise<boolean> {
  let left = await deps.database.prisma.campaignLeadSlice.count({ where: { campaignId } });
  const endsAt = performance.now() + ADDING_MS;
  while (left > 0 && performance.now() < endsAt) {
    job.signal.throwIfAborted();
    left = await addSlice(deps, campaignId, job);
  }
  return left === 0;
}

const addSlice = (deps: Deps, campaignId: string, job: RunningJob) =>
  job.writeFenced(
    async (change) => {
      const { tx } = change;
      if (!(await lockRow(tx, 'campaigns', campaignId))) throw new AttemptEnded('targetGone');
      const left = await addNextLeads(tx, campaignId);
      await touchCampaign(change, campaignId);
      return left;
    },
    (tx) => acquireCampaignLock(tx, deps.actor.userId),
  );
