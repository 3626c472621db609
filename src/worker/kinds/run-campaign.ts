import { z } from 'zod';
import { campaignJobHooks } from '#domain/sales/campaigns/campaign-job-hooks.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('RUN_CAMPAIGN', {
  lane: 'campaigns',
  maxAttempts: 5,
  actsOutside: true,
  hooks: campaignJobHooks,
  payload: z.object({ campaignId: z.uuid() }),
  load: async () => (await import('#domain/sales/campaigns/run-campaign.ts')).runCampaign,
});
