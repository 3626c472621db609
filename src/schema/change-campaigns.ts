import { MAX_TOPIC_LENGTH } from '#domain/sales/agent/agent-context.ts';
import { MAX_CAMPAIGN_NAME_LENGTH } from '#domain/sales/campaigns/campaign-filter.ts';
import { MAX_CAMPAIGN_LEADS } from '#domain/sales/campaigns/campaign-leads.ts';
import { DEFAULTS, MAX_CAMPAIGN_CALLS, MAX_GOAL_LENGTH } from '#domain/sales/campaigns/create-campaign.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import type { Campaign as CampaignRow } from '#generated/prisma/client.ts';
import * as resolvers from '#resolvers/campaigns.ts';
import { builder } from './builder.ts';
import { CallWindowInput } from './call-windows.ts';
import { Campaign, CampaignConnection } from './campaigns.ts';
import { payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { LeadFilter } from './leads.ts';

builder.relayMutationField(
  'createCampaign',
  {
    description: 'A campaign to create.',
    inputFields: (t: InputFields) => ({
      name: t.string({
        required: true,
        description: `What the campaign is called, 1 to ${MAX_CAMPAIGN_NAME_LENGTH} characters.`,
      }),
      goal: t.string({
        required: true,
        description: `What the calls are about, 1 to ${digits(MAX_GOAL_LENGTH)} characters; the agent says it after "about", as "our new price list", where it has at most ${MAX_TOPIC_LENGTH}.`,
      }),
      language: t.string({
        defaultValue: DEFAULT_LANGUAGE,
        description:
          'The language in which the agent calls leads whose own language it does not speak, as a BCP 47 tag: English or Hebrew, such as he or en-GB.',
      }),
      leadIds: t.idList({ description: 'The ids of the leads to call; or give `leadFilter`.' }),
      leadFilter: t.field({
        type: LeadFilter,
        description: `Calls all leads that meet these conditions now, at most ${digits(MAX_CAMPAIGN_LEADS)}; or give \`leadIds\`. Those that come later are not called.`,
      }),
      callWindow: t.field({
        type: CallWindowInput,
        description: 'When leads are called; where it is left out, whenever the operator allows it.',
      }),
      maxConcurrentCalls: t.int({
        defaultValue: DEFAULTS.maxConcurrentCalls,
        description: `How many calls the campaign has at once at most: 1 to ${MAX_CAMPAIGN_CALLS}.`,
      }),
      maxAttempts: t.int({
        description: `How often each lead is called at most: 1 to what the operator allows; ${DEFAULTS.maxAttempts} where it is left out, or what the operator allows where that is less.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Creates a campaign of leads that are chosen now; it calls nobody before it is started. Errors: NOT_FOUND (a lead; or repeated after the campaign is gone), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.createCampaign,
  },
  {
    description: 'The campaign that was created.',
    outputFields: (t) => ({
      campaign: t.expose('campaign', { type: Campaign, description: 'The new campaign.' }),
      campaignEdge: payloadEdge(t, CampaignConnection.edge, 'campaigns', resolvers.campaignEdge),
    }),
  },
);

const CampaignInput = builder.inputType('CampaignInput', {
  description: 'The campaign to change.',
  fields: (t) => ({
    campaignId: t.id({ required: true, description: 'The id of the campaign.' }),
    idempotencyKey: idempotencyKey(t),
  }),
});

const CampaignPayload = builder.objectRef<{ campaign: CampaignRow }>('CampaignPayload').implement({
  description: 'The campaign that was changed.',
  fields: (t) => ({
    campaign: t.expose('campaign', { type: Campaign, description: 'The campaign as it is now.' }),
    campaignEdge: payloadEdge(t, CampaignConnection.edge, 'campaigns', resolvers.campaignEdge),
  }),
});

/** Declares a mutation that changes where a campaign stands. */
function changeField(
  name: `${string}Campaign`,
  resolve: typeof resolvers.startCampaign,
  { what, description }: { what: string; description: string },
): void {
  builder.mutationField(name, (t) =>
    t.field({
      type: CampaignPayload,
      nullable: true,
      description,
      args: { input: t.arg({ type: CampaignInput, required: true, description: `The campaign to ${what}.` }) },
      resolve,
    }),
  );
}

const ERRORS = 'Errors: NOT_FOUND, CONFLICT (the campaign is in another status), IDEMPOTENCY_CONFLICT.';

changeField('startCampaign', resolvers.startCampaign, {
  what: 'start',
  description: `Starts a campaign that is DRAFT: its leads are called from now on, each when it may be, and called again where nobody was reached. ${ERRORS}`,
});
changeField('pauseCampaign', resolvers.pauseCampaign, {
  what: 'pause',
  description: `Pauses a campaign that is RUNNING: calls that nobody has answered are cancelled, and count as no attempt where they were not dialled; who is talked to is not cut off. ${ERRORS}`,
});
changeField('resumeCampaign', resolvers.resumeCampaign, {
  what: 'resume',
  description: `Lets a campaign that is PAUSED go on. ${ERRORS}`,
});
changeField('cancelCampaign', resolvers.cancelCampaign, {
  what: 'cancel',
  description: `Ends a campaign that is not over for good: calls that nobody has answered are cancelled; who is talked to is not cut off. ${ERRORS}`,
});
