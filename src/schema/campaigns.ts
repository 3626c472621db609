import { MAX_TOPIC_LENGTH } from '#domain/sales/agent/agent-context.ts';
import { MAX_CAMPAIGN_NAME_LENGTH } from '#domain/sales/campaigns/campaign-filter.ts';
import { type CampaignLeadRow, MAX_CAMPAIGN_LEADS } from '#domain/sales/campaigns/campaign-leads.ts';
import { DEFAULTS, MAX_CAMPAIGN_CALLS, MAX_GOAL_LENGTH } from '#domain/sales/campaigns/create-campaign.ts';
import type { CampaignProgress as Progress } from '#domain/sales/campaigns/progress.ts';
import type { CallWindow as Window } from '#domain/sales/eligibility/zone-calendar.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import type { Campaign as CampaignRow } from '#generated/prisma/client.ts';
import * as resolvers from '#resolvers/campaigns.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { Call, CallConnection } from './calls.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { Job } from './jobs.ts';
import { Lead, LeadFilter } from './leads.ts';
import { User } from './users.ts';

const CampaignStatus = builder.enumType('CampaignStatus', {
  description: 'Where a campaign stands.',
  values: {
    DRAFT: { description: 'The campaign was not started yet.' },
    RUNNING: { description: 'Leads are called, when each may be.' },
    PAUSED: {
      description: 'Nobody is called until the campaign is resumed. Also a campaign whose job has failed.',
    },
    COMPLETED: { description: 'Every lead was reached, was tried as often as it may be, or is blocked.' },
    CANCELLED: { description: 'The campaign was ended before it was completed.' },
  },
});

const WINDOW = {
  start: 'The time of day from which on leads are called, as `09:00`.',
  end: 'The time of day until which leads are called, as `18:00`.',
  days: 'The ISO weekdays on which leads are called, 1 for Monday to 7 for Sunday.',
  respectShabbat: 'Whether nobody is called on Shabbat and the feasts, by the sun at the lead, and on their eves.',
};

const CallWindow = builder.objectRef<Window>('CallWindow').implement({
  description: "When leads may be called, by each lead's own clock; never outside what the operator allows.",
  fields: (t) => ({
    start: t.exposeString('start', { description: WINDOW.start }),
    end: t.exposeString('end', { description: WINDOW.end }),
    days: t.intList({ description: WINDOW.days, resolve: ({ days }) => [...days] }),
    respectShabbat: t.exposeBoolean('respectShabbat', { description: WINDOW.respectShabbat }),
  }),
});

const CallWindowInput = builder.inputType('CallWindowInput', {
  description: "When leads may be called, by each lead's own clock. What the operator does not allow stays closed.",
  fields: (t) => ({
    start: t.string({ required: true, defaultValue: '09:00', description: WINDOW.start }),
    end: t.string({ required: true, defaultValue: '18:00', description: WINDOW.end }),
    days: t.intList({ required: true, defaultValue: [7, 1, 2, 3, 4], description: WINDOW.days }),
    respectShabbat: t.boolean({ required: true, defaultValue: true, description: WINDOW.respectShabbat }),
  }),
});

const CampaignProgress = builder.objectRef<Progress>('CampaignProgress').implement({
  description:
    'How far a campaign is. At every moment, `leads` are `pending`, `inProgress`, `reached`, `notReached`, `blocked` and `cancelled` together.',
  fields: (t) => ({
    leads: t.exposeInt('leads', { description: 'How many leads the campaign has; those that are deleted are gone.' }),
    pending: t.exposeInt('pending', { description: 'Leads that are to be called, for the first time or again.' }),
    inProgress: t.exposeInt('inProgress', { description: 'Leads that are in a call, or wait for one to be dialled.' }),
    reached: t.exposeInt('reached', { description: 'Leads of whom a person was spoken to.' }),
    notReached: t.exposeInt('notReached', {
      description: 'Leads that were tried as often as they may be, or whose number is wrong.',
    }),
    blocked: t.exposeInt('blocked', { description: 'Leads that may not be called, whatever the time.' }),
    cancelled: t.exposeInt('cancelled', {
      description: 'Leads that were to be called when the campaign was cancelled.',
    }),
    meetingsBooked: t.exposeInt('meetingsBooked', {
      description: 'Leads that have booked a meeting in a call of the campaign.',
    }),
    percent: t.exposeFloat('percent', { description: 'How many of a hundred leads the campaign is done with.' }),
  }),
});

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

const CampaignLeadConnection = connectionType(CampaignLead, 'CampaignLead', 'leads of a campaign');

const CampaignLeadFilter = builder.inputType('CampaignLeadFilter', {
  description: 'Conditions on the leads of a campaign; all that are given must hold.',
  fields: (t) => ({
    statuses: t.field({
      type: [CampaignLeadStatus],
      description: 'Only leads that have one of these statuses in the campaign.',
    }),
  }),
});

export const Campaign = builder.prismaObject('Campaign', {
  description: 'Calls to many leads. Follow it with the subscription `campaignUpdated`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the campaign; it never changes.', resolve: idOf('Campaign') }),
    owner: t.field({ type: User, description: 'The user whose campaign it is.', resolve: resolvers.owner }),
    name: t.exposeString('name', { description: 'What the campaign is called.' }),
    goal: t.exposeString('goal', { description: 'What the calls are about.' }),
    language: t.exposeString('language', {
      description: 'The language that leads are called in whose own the agent does not speak, by BCP 47, as `he`.',
    }),
    status: t.expose('status', { type: CampaignStatus, description: 'Where the campaign stands.' }),
    callWindow: t.field({ type: CallWindow, description: 'When leads are called.', resolve: resolvers.callWindow }),
    maxConcurrentCalls: t.exposeInt('maxConcurrentCalls', {
      description: 'How many calls the campaign has at once at most.',
    }),
    maxAttempts: t.exposeInt('maxAttempts', { description: 'How often each lead is called at most.' }),
    progress: t.field({
      type: CampaignProgress,
      description: 'How far the campaign is.',
      complexity: { field: 10, multiplier: 1 },
      resolve: resolvers.progress,
    }),
    leads: t.field({
      type: CampaignLeadConnection,
      description: 'The leads of the campaign, newest first; of a large campaign those that its job has added by now.',
      args: {
        filter: t.arg({ type: CampaignLeadFilter, description: 'Only leads that meet these conditions.' }),
        ...t.arg.connectionArgs(),
      },
      complexity: pageCost,
      resolve: resolvers.leads,
    }),
    calls: t.field({
      type: CallConnection,
      description: 'The calls of the campaign, newest first.',
      args: t.arg.connectionArgs(),
      complexity: pageCost,
      resolve: resolvers.calls,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the campaign was created.' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the campaign was started; null before that.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the campaign was completed or cancelled; null before that.',
    }),
    job: t.field({
      type: Job,
      nullable: true,
      description:
        'The job that adds the leads of a large campaign, and calls them once it is started; null before there is one.',
      resolve: resolvers.job,
    }),
  }),
});

const CampaignConnection = connectionType(Campaign, 'Campaign', 'campaigns');

builder.objectField(Call, 'campaign', (t) =>
  t.field({
    type: Campaign,
    nullable: true,
    description: 'The campaign that the call is of; null for a call of its own.',
    resolve: resolvers.campaignOfCall,
  }),
);

const CampaignOrder = builder.enumType('CampaignOrder', {
  description: 'How a list of campaigns is ordered.',
  values: {
    CREATED_DESC: { description: 'By when they were created, the newest campaign first.' },
    CREATED_ASC: { description: 'By when they were created, the oldest campaign first.' },
    NAME_ASC: { description: 'By their names, whatever the letter case and the accents.' },
  },
});

const CampaignFilter = builder.inputType('CampaignFilter', {
  description: 'Conditions on campaigns; all that are given must hold.',
  fields: (t) => ({
    statuses: t.field({ type: [CampaignStatus], description: 'Only campaigns that have one of these statuses.' }),
    nameContains: t.string({
      description: `Only campaigns that have this text in their name, whatever the case and accents of either; up to ${MAX_CAMPAIGN_NAME_LENGTH} characters.`,
    }),
  }),
});

builder.queryFields((t) => ({
  campaign: t.field({
    type: Campaign,
    nullable: true,
    description: "A campaign by id; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The `id` of the campaign.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.campaign,
  }),
  campaigns: t.field({
    type: CampaignConnection,
    description: "The viewer's campaigns.",
    args: {
      filter: t.arg({ type: CampaignFilter, description: 'Only campaigns that meet these conditions.' }),
      orderBy: t.arg({
        type: CampaignOrder,
        defaultValue: 'CREATED_DESC',
        description: 'The order of the campaigns.',
      }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.campaigns,
  }),
}));

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
          'The language that leads are called in whose own the agent does not speak, by BCP 47: English or Hebrew, as he or en-GB.',
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

builder.subscriptionFields((t) => ({
  campaignUpdated: t.field({
    type: Campaign,
    description:
      'The campaign as it is now, then its newest state after changes, also of its progress, at most once a second; ends when it is over and nobody is talked to any more. Errors: NOT_FOUND.',
    args: { campaignId: t.arg.id({ required: true, description: 'The id of the campaign to follow.' }) },
    subscribe: resolvers.campaignUpdated,
    resolve: resolvers.campaignOfEvent,
  }),
}));
