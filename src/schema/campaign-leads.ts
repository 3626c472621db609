import type { CampaignLeadRow } from '#domain/sales/campaigns/campaign-leads.ts';
import * as resolvers from '#resolvers/campaigns.ts';
import { builder } from './builder.ts';
import { Call } from './calls.ts';
import { connectionType } from './connection.ts';
import { Lead } from './leads.ts';

const CampaignLeadStatus = builder.enumType('CampaignLeadStatus', {
  description: 'Where a lead stands in a campaign.',
  values: {
    PENDING: { description: 'The lead is to be called, for the first time or again.' },
    IN_PROGRESS: { description: 'The lead is in a call, or waits for one to be dialled.' },
    REACHED: { description: 'A person was spoken to.' },
    NOT_REACHED: { description: 'The lead was tried as often as it may be, or its number is wrong.' },
    BLOCKED: { description: 'The lead may not be called, whatever the time.' },
    CANCELLED: { description: 'The lead is not called any more.' },
  },
});

const CampaignLead = builder.objectRef<CampaignLeadRow>('CampaignLead').implement({
  description: 'A lead of a campaign, and where it stands there.',
  fields: (t) => ({
    lead: t.field({ type: Lead, description: 'Who is to be called.', resolve: resolvers.lead }),
    status: t.expose('status', { type: CampaignLeadStatus, description: 'Where the lead stands in the campaign.' }),
    attempts: t.exposeInt('attempts', { description: 'How often the campaign has tried to call the lead.' }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the lead is called at the earliest; null unless it is PENDING.',
      resolve: resolvers.dueAt,
    }),
    call: t.field({
      type: Call,
      nullable: true,
      description: 'The call of the campaign that the lead is in; null where there is none.',
      resolve: resolvers.callUnderWay,
    }),
    meetingBooked: t.exposeBoolean('meetingBooked', {
      description: 'Whether a meeting was booked in a call of the campaign.',
    }),
    blockedReasons: t.exposeStringList('blockedReasons', {
      description: 'The codes of the restrictions that block the lead, as in CallRestriction; empty where none does.',
    }),
  }),
});

export const CampaignLeadConnection = connectionType(CampaignLead, 'CampaignLead', 'leads of a campaign');

export const CampaignLeadFilter = builder.inputType('CampaignLeadFilter', {
  description: 'Conditions on the leads of a campaign; all that are given must hold.',
  fields: (t) => ({
    statuses: t.field({
      type: [CampaignLeadStatus],
      description: 'Only leads that have one of these statuses in the campaign.',
    }),
  }),
});
