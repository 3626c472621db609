import { campaignChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { wakeJob } from '#domain/jobs/sleeping-jobs.ts';
import type { Call } from '#generated/prisma/client.ts';
import { lockCallPlaces, wakeNext } from './call-places.ts';
import { NOT_DIALLED_MS, nextStep } from './retries.ts';

/**
 * Applies the result of a call that has ended to the lead of its campaign, and releases its place: wakes the campaign, and whoever is next
 * in line for a place. Runs in the transaction that ends the call, after its row is written. Idempotent.
 */
export async function settleCampaignLead(change: TransactionChange, services: Services, call: Call): Promise<void> {
  const { tx } = change;
  await lockCallPlaces(tx);
  if (call.campaignId !== null) await settleLead(change, services, { ...call, campaignId: call.campaignId });
  await wakeNext(change, services);
}

async function settleLead(
  change: TransactionChange,
  services: Services,
  call: Call & { campaignId: string },
): Promise<void> {
  const { tx } = change;
  const { campaignId, leadId } = call;
  const campaign = await wakeCampaign(change, services, campaignId);
  const campaignLead = await tx.campaignLead.findUnique({
    where: { campaignId_leadId: { campaignId, leadId } },
    include: { lead: { select: { phone: true, timeZone: true, attempts: true } } },
  });
  if (campaignLead?.status !== 'IN_PROGRESS' || campaignLead.callId !== call.id) return;
  const { attempts, lead } = campaignLead;
  const now = services.now();
  const { maxAttempts } = campaign;
  const maxLeadAttempts = services.sales.maxAttempts;
  const { dueAt, ...next } = nextStep(call, { attempts, maxAttempts, lead, maxLeadAttempts, now });
  await tx.campaignLead.update({
    where: { campaignId_leadId: { campaignId, leadId } },
    data: {
      ...next,
      callId: null,
      ...(dueAt ? { dueAt } : {}),
      ...(call.outcome === 'MEETING_BOOKED' ? { meetingBooked: true } : {}),
    },
    select: { leadId: true },
  });
}

/** Lets a campaign call a lead soon whose call was cancelled, and turned out never to have been made. */
export async function callAgainSoon(
  change: TransactionChange,
  services: Services,
  { campaignId, leadId }: { campaignId: string; leadId: string },
): Promise<void> {
  await wakeCampaign(change, services, campaignId);
  await change.tx.campaignLead.updateMany({
    where: { campaignId, leadId, status: 'PENDING', callId: null },
    data: { dueAt: new Date(services.now().getTime() + NOT_DIALLED_MS) },
  });
}

/** Wakes a campaign to check its leads again, and publishes that one has changed. Locks its job before the campaign, which it returns. */
async function wakeCampaign(change: TransactionChange, services: Services, id: string) {
  const found = await change.tx.campaign.findUnique({ where: { id }, select: { jobId: true } });
  if (found?.jobId) await wakeJob(change, services, found.jobId);
  const campaign = await touchCampaign(change, id);
  // Whoever has resumed it meanwhile has given it another job, which may have counted the call that ends.
  if (campaign.jobId && campaign.jobId !== found?.jobId) await wakeJob(change, services, campaign.jobId);
  return campaign;
}

/** Publishes that a campaign, or a lead of it, has changed. Locks the campaign until the commit, and returns it. */
export async function touchCampaign({ tx, publish, changed }: TransactionChange, id: string) {
  const campaign = await tx.campaign.update({ where: { id }, data: { version: { increment: 1 } } });
  publish(campaignChannel(id));
  // A late report of the line may concern a call of a campaign that was deleted.
  if (campaign.deletedAt === null) changed({ ownerId: campaign.ownerId, type: 'CAMPAIGN', id });
  return campaign;
}
