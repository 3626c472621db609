import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { callLead } from '#domain/sales/calls/dialling/call-lead.ts';
import { cancelCall } from '#domain/sales/calls/ending/cancel-call.ts';
import { resumeCampaign, startCampaign } from '#domain/sales/campaigns/campaigns.ts';
import { createCampaign } from '#domain/sales/campaigns/create-campaign.ts';
import { createLead } from '#domain/sales/leads.ts';
import { findPhone, OPEN_ALL_HOURS, zoneOfDay } from '../support/calls.ts';
import { findJob } from '../support/job-rows.ts';
import { useServices } from '../support/services.ts';

const { services, newUser } = useServices({ env: OPEN_ALL_HOURS });

/** Makes a campaign that is PAUSED because its job has failed, while one of its calls goes on. */
async function makeFailedCampaign(ann: Deps) {
  const { prisma } = ann.database;
  const agreed = new Date(Date.now() - 3_600_000);
  const terms = { consentAt: agreed, registryCheckedAt: agreed, timeZone: zoneOfDay() };
  const { id: leadId } = await createLead(ann, { name: 'Dana', phone: findPhone(), ...terms });
  const campaign = await createCampaign(ann, { name: 'x', goal: 'y', leadIds: [leadId], leadFilter: null });
  const { id: campaignId } = campaign;
  const { jobId } = await startCampaign(ann, { campaignId });
  const { id: callId } = (await callLead(ann, { leadId })).call;
  await prisma.call.update({ where: { id: callId }, data: { campaignId } });
  await prisma.campaignLead.updateMany({ where: { campaignId }, data: { status: 'IN_PROGRESS', callId } });
  await prisma.campaign.update({ where: { id: campaignId }, data: { status: 'PAUSED' } });
  await prisma.job.update({ where: { id: jobId as string }, data: { status: 'FAILED' } });
  return { campaignId, callId, jobId };
}

it('a call that ends while its campaign is resumed wakes the job that the campaign gets', async () => {
  const ann = await newUser();
  const { campaignId, callId, jobId: former } = await makeFailedCampaign(ann);
  const slow = {
    ...ann.queue,
    add: async (...job: Parameters<typeof ann.queue.add>) => {
      await sleep(500);
      return ann.queue.add(...job);
    },
  };
  const resumed = resumeCampaign({ ...ann, queue: slow }, { campaignId });
  await sleep(200);
  await cancelCall(ann, { callId });
  const { jobId } = await resumed;
  expect(jobId).not.toBe(former);
  expect(await findJob(services, jobId as string)).toMatchObject({ wakes: 1 });
});
