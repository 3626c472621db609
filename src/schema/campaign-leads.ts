import type { CampaignLeadRow } from '#domain/sales/campaigns/campaign-leads.ts';
import * as resolvers from '#resolvers/campaigns.ts';
import { builder } from './builder.ts';
import { Call } from './calls.ts';
import { connectionType } from './connection.ts';
import { Lead } from './leads.ts';

const CampaignLeadStatus = builder.enumType('CampaignLeadStatus', {
  description: 'The status of a lead in a campaign.',
  values: {
    PENDING: { description: 'The lead is waiting to be called, for the first time or again.' },
    IN_PROGRESS: { description: 'The lead is in a call, or a call to it is waiting to be dialled.' },
    REACHED: { description: 'A person was reached.' },
    NOT_REACHED: {
      description: 'The lead was not reached within the maximum number of attempts, or its number is wrong.',
    },
    BLOCKED: { description: 'The lead may not be called at any time.' },
    CANCELLED: { description: 'The campaign was cancelled before the lead was reached.' },
  },
});

const CampaignLead = builder.objectRef<CampaignLeadRow>('CampaignLead').implement({
  description: 'A lead of a campaign, with its status there.',
  fields: (t) => ({
    lead: t.field({ type: Lead, description: 'The lead to be called.', resolve: resolvers.lead }),
    status: t.expose('status', { type: CampaignLeadStatus, description: 'The status of the lead in the campaign.' }),
    attempts: t.exposeInt('attempts', { description: 'The number of attempts of the campaign to call the lead.' }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The earliest time of the next call to the lead; null unless the status is PENDING.',
      resolve: resolvers.dueAt,
    }),
    call: t.field({
      type: Call,
      nullable: true,
      description: 'The current call of the campaign with the lead; null if there is none.',
      resolve: resolvers.callUnderWay,
    }),
    meetingBooked: t.exposeBoolean('meetingBooked', {
      description: 'Whether a meeting was booked in a call of the campaign.',
    }),
    blockedReasons: t.exposeStringList('blockedReasons', {
      description:
        'The codes of the restrictions that block the lead, as in `CallRestriction.code`; empty if none does.',
    }),
  }),
});

export const CampaignLeadConnection = connectionType(CampaignLead, 'CampaignLead', 'leads of a campaign');

export const CampaignLeadFilter = builder.inputType('CampaignLeadFilter', {
  description: 'Filter for the leads of a campaign. All given conditions must match.',
  fields: (t) => ({
    statuses: t.field({
      type: [CampaignLeadStatus],
      description: 'Only leads with one of these statuses in the campaign.',
    }),
  }),
});
