import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { recordAudit } from '#domain/core/write.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { touchCampaign } from './settle-campaign-lead.ts';

/** How far ahead a campaign can be scheduled: the longest sleep of a job. */
const FARTHEST_MS = 365 * 24 * 3_600_000;

/** Returns a moment at which a campaign can start by itself. Throws BadUserInput. */
export function checkStart({ now }: Pick<Deps, 'now'>, startsAt: Date): Date {
  const ahead = startsAt.getTime() - now().getTime();
  if (ahead < 0) throw new BadUserInput('input.startsAt', 'This is in the past; start it now with `startCampaign`.');
  if (ahead > FARTHEST_MS) throw new BadUserInput('input.startsAt', 'This is more than a year ahead.');
  return startsAt;
}

/**
 * Starts a DRAFT whose time has come. Returns when it is to start, if that is still to come; null if it is not scheduled, or has started.
 * Throws AttemptEnded.
 */
export async function startOnTime(deps: Deps, campaignId: string, job: RunningJob): Promise<Date | null> {
  const campaign = await deps.database.prisma.campaign.findUnique({
    where: { id: campaignId },
    select: { status: true, startsAt: true },
  });
  if (campaign?.status !== 'DRAFT' || !campaign.startsAt) return null;
  if (campaign.startsAt > deps.now()) return campaign.startsAt;
  await job.writeFenced(async (change) => {
    const { tx } = change;
    await lockRow(tx, 'campaigns', campaignId);
    const now = deps.now();
    const { count } = await tx.campaign.updateMany({
      where: { id: campaignId, status: 'DRAFT', startsAt: { lte: now } },
      data: { status: 'RUNNING', startedAt: now },
    });
    if (count === 0) return;
    await touchCampaign(change, campaignId);
    await recordAudit(tx, deps.actor, 'campaign.start', { type: 'Campaign', id: campaignId });
  });
  return null;
}
