import type { Deps } from '#domain/core/deps.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { placeCall } from '#domain/sales/calls/dialling/place-call.ts';
import { lockCallPlaces, readPlaces, wakeNext } from './call-places.ts';
import type { DueLead } from './due-leads.ts';
import { touchCampaign } from './settle-campaign-lead.ts';

/**
 * begun: the lead is in a call. passed: the lead was claimed elsewhere, or is gone. full: the campaign has as many calls as it may. waits:
 * no place is free, or another owner has fewer calls; the campaign is woken when it is its turn. stopped: it does not run any more.
 */
export type Beginning = 'begun' | 'passed' | 'full' | 'waits' | 'stopped';

/**
 * Claims a lead of a campaign and places the call to it in one transaction, so that nobody is called twice, whichever process dies. Locks
 * the places for calls, then the campaign. Throws AttemptEnded.
 */
export function beginCall(deps: Deps, campaignId: string, { lead }: DueLead, job: RunningJob): Promise<Beginning> {
  return job.writeFenced(async (change) => {
    const { tx } = change;
    await lockRow(tx, 'campaigns', campaignId);
    const campaign = await tx.campaign.findUnique({ where: { id: campaignId } });
    if (campaign?.status !== 'RUNNING') return 'stopped';
    const { ownerId } = campaign;
    const inProgress = await tx.campaignLead.count({ where: { campaignId, status: 'IN_PROGRESS' } });
    if (inProgress >= campaign.maxConcurrentCalls) return 'full';
    const { free, mayTake } = await readPlaces(tx, { maxPlaces: deps.sales.maxConcurrentCalls }, { ownerId });
    if (!mayTake) {
      if (campaign.waitingSince === null)
        await tx.campaign.update({ where: { id: campaignId }, data: { waitingSince: change.now } });
      if (free > 0) await wakeNext(change, deps);
      return 'waits';
    }
    const claimed = await tx.campaignLead.updateMany({
      where: { campaignId, leadId: lead.id, status: 'PENDING', dueAt: { lte: change.now } },
      data: { status: 'IN_PROGRESS', attempts: { increment: 1 } },
    });
    if (claimed.count === 0) return 'passed';
    const { callId } = await placeCall(change, deps, { lead, campaign });
    await tx.campaignLead.updateMany({ where: { campaignId, leadId: lead.id }, data: { callId } });
    await touchCampaign(change, campaignId);
    return 'begun';
  }, lockCallPlaces);
}

/**
 * Records that a campaign does not wait for a place, because it has nobody to call, has as many calls as it may, or was stopped. If a place
 * is free, wakes the next campaign that waits, as this one may have been woken for that place. Throws AttemptEnded.
 */
export async function waitNoMore(deps: Deps, campaignId: string, job: RunningJob): Promise<void> {
  await job.writeFenced(async (change) => {
    const waiting = { id: campaignId, waitingSince: { not: null } };
    await change.tx.campaign.updateMany({ where: waiting, data: { waitingSince: null } });
    const { free } = await readPlaces(
      change.tx,
      { maxPlaces: deps.sales.maxConcurrentCalls },
      { ownerId: deps.actor.userId },
    );
    if (free > 0) await wakeNext(change, deps);
  }, lockCallPlaces);
}
