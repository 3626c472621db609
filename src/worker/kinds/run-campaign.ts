import { z } from 'zod';
import { campaignJobHooks } from '#domain/sales/campaigns/campaign-job-hooks.ts';
import { runCampaign } from '#domain/sales/campaigns/run-campaign.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('RUN_CAMPAIGN', {
  lane: 'campaigns',
  maxAttempts: 5,
  actsOutside: true,
  hooks: campaignJobHooks,
  payload: z.object({ campaignId: z.uuid() }),
  run: runCampaign,
});
