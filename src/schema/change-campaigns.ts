import { MAX_TOPIC_LENGTH } from '#domain/sales/agent/agent-context.ts';
import { MAX_CAMPAIGN_CALLS, MAX_GOAL_LENGTH } from '#domain/sales/campaigns/campaign-columns.ts';
import { MAX_CAMPAIGN_NAME_LENGTH } from '#domain/sales/campaigns/campaign-filter.ts';
import { MAX_CAMPAIGN_LEADS } from '#domain/sales/campaigns/campaign-leads.ts';
import { DEFAULTS } from '#domain/sales/campaigns/create-campaign.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import type { Campaign as CampaignRow } from '#generated/prisma/client.ts';
import * as resolvers from '#resolvers/campaigns.ts';
import { builder } from './builder.ts';
import { CallWindowInput } from './call-windows.ts';
import { Campaign, CampaignConnection } from './campaigns.ts';
import { payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { LeadFilter } from './leads.ts';

const NAME = `The name of the campaign, 1 to ${MAX_CAMPAIGN_NAME_LENGTH} characters.`;
const GOAL = `The topic of the calls, 1 to ${digits(MAX_GOAL_LENGTH)} characters. If it has at most ${MAX_TOPIC_LENGTH} characters, the agent says it after "I am calling … about": write a noun phrase, such as "our new price list".`;
const LANGUAGE =
  'The language for leads whose own language the agent does not speak, as a BCP 47 tag: English or Hebrew, such as he or en-GB.';
const CONCURRENT_CALLS = `The maximum number of concurrent calls of the campaign, 1 to ${MAX_CAMPAIGN_CALLS}.`;
const START =
  'When the campaign starts by itself: in the future, and within a year. Leads are called from then on, each when it may be called.';
const WHILE_SILENT = 'Can change while the campaign is DRAFT, or PAUSED with no call in progress.';
const ATTEMPTS = "The maximum number of calls to each lead, from 1 to the operator's limit.";

builder.relayMutationField(
  'createCampaign',
  {
    description: 'A campaign to create.',
    inputFields: (t: InputFields) => ({
      name: t.string({
        required: true,
        description: NAME,
      }),
      goal: t.string({ required: true, description: GOAL }),
      language: t.string({ defaultValue: DEFAULT_LANGUAGE, description: LANGUAGE }),
      leadIds: t.idList({ description: 'The ids of the leads to call. Give either this or `leadFilter`.' }),
      leadFilter: t.field({
        type: LeadFilter,
        description: `Selects all leads that match this filter now, at most ${digits(MAX_CAMPAIGN_LEADS)}. Leads that match only later are not added. Give either this or \`leadIds\`.`,
      }),
      callWindow: t.field({
        type: CallWindowInput,
        description: "The days and hours at which leads may be called. Default: whenever the operator's limits allow.",
      }),
      maxConcurrentCalls: t.int({
        defaultValue: DEFAULTS.maxConcurrentCalls,
        description: CONCURRENT_CALLS,
      }),
      startsAt: t.field({
        type: 'DateTime',
        description: `${START} Default: it waits for \`startCampaign\`.`,
      }),
      maxAttempts: t.int({
        description: `${ATTEMPTS} Default: ${DEFAULTS.maxAttempts}, or the operator's limit if that is lower.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Creates a campaign with the leads selected now. No calls are made before `startCampaign`, or `startsAt`. Errors: NOT_FOUND (a lead, or a retry after the campaign was deleted), IDEMPOTENCY_CONFLICT.',
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

builder.relayMutationField(
  'updateCampaign',
  {
    description: 'Changes to a campaign; fields that are omitted or null stay unchanged, except for `startsAt`.',
    inputFields: (t: InputFields) => ({
      campaignId: t.id({ required: true, description: 'The id of the campaign to change.' }),
      name: t.string({ description: NAME }),
      goal: t.string({ description: `${GOAL} ${WHILE_SILENT}` }),
      language: t.string({ description: `${LANGUAGE} ${WHILE_SILENT}` }),
      callWindow: t.field({
        type: CallWindowInput,
        description:
          'The days and hours at which leads may be called. Leads that the former window has put off, and that were not called yet, are judged again at once.',
      }),
      startsAt: t.field({
        type: 'DateTime',
        description: `${START} Null: it waits for \`startCampaign\`. Can change while the campaign is DRAFT.`,
      }),
      maxConcurrentCalls: t.int({ description: `${CONCURRENT_CALLS} If more are in progress, none is ended.` }),
      maxAttempts: t.int({
        description: `${ATTEMPTS} Leads that were tried as often already are not called again; those that are NOT_REACHED stay so.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Changes a campaign that is DRAFT, RUNNING or PAUSED; of one that is over, only the name. Its leads cannot be exchanged: create another campaign. Errors: NOT_FOUND, CONFLICT (the status does not allow the change of `fields`, or a call is in progress), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateCampaign,
  },
  {
    description: 'The campaign that was changed.',
    outputFields: (t) => ({
      campaign: t.expose('campaign', { type: Campaign, description: 'The campaign after the change.' }),
      campaignEdge: payloadEdge(t, CampaignConnection.edge, 'campaigns', resolvers.campaignEdge),
    }),
  },
);

builder.relayMutationField(
  'deleteCampaign',
  {
    description: 'The campaign to delete.',
    inputFields: (t: InputFields) => ({
      campaignId: t.id({ required: true, description: 'The id of the campaign to delete.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes a campaign that is DRAFT, COMPLETED or CANCELLED. Its calls stay with their leads and in the reports, without a campaign. Errors: NOT_FOUND, CONFLICT (the campaign is RUNNING or PAUSED, or one of its calls is in progress), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteCampaign,
  },
  {
    description: 'The campaign that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the campaign that was deleted.' }),
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
    campaign: t.expose('campaign', { type: Campaign, description: 'The campaign after the change.' }),
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

const ERRORS = 'Errors: NOT_FOUND, CONFLICT (the status of the campaign does not allow it), IDEMPOTENCY_CONFLICT.';

changeField('startCampaign', resolvers.startCampaign, {
  what: 'start',
  description: `Starts a DRAFT campaign now, also one that has a \`startsAt\`. From now on, its leads are called, each when it may be called, and called again if nobody was reached. ${ERRORS}`,
});
changeField('pauseCampaign', resolvers.pauseCampaign, {
  what: 'pause',
  description: `Pauses a RUNNING campaign. Unanswered calls are cancelled, and do not count as attempts of the campaign; answered calls are not interrupted. ${ERRORS}`,
});
changeField('resumeCampaign', resolvers.resumeCampaign, {
  what: 'resume',
  description: `Resumes a PAUSED campaign. ${ERRORS}`,
});
changeField('cancelCampaign', resolvers.cancelCampaign, {
  what: 'cancel',
  description: `Cancels a campaign permanently. Unanswered calls are cancelled; answered calls are not interrupted. ${ERRORS}`,
});
