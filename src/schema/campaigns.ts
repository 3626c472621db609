import { MAX_CAMPAIGN_NAME_LENGTH } from '#domain/sales/campaigns/campaign-filter.ts';
import type { CampaignProgress as Progress } from '#domain/sales/campaigns/progress.ts';
import * as resolvers from '#resolvers/campaigns.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { CallWindow } from './call-windows.ts';
import { Call, CallConnection } from './calls.ts';
import { CampaignLeadConnection, CampaignLeadFilter } from './campaign-leads.ts';
import { connectionType } from './connection.ts';
import { Job } from './jobs.ts';
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

export const Campaign = builder.prismaObject('Campaign', {
  description: 'Calls to many leads. Follow it with the subscription `campaignUpdated`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the campaign; it never changes.', resolve: idOf('Campaign') }),
    owner: t.field({ type: User, description: 'The user whose campaign it is.', resolve: resolvers.owner }),
    name: t.exposeString('name', { description: 'What the campaign is called.' }),
    goal: t.exposeString('goal', { description: 'What the calls are about.' }),
    language: t.exposeString('language', {
      description:
        'The language in which the agent calls leads whose own language it does not speak, as a BCP 47 tag such as `he`.',
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

export const CampaignConnection = connectionType(Campaign, 'Campaign', 'campaigns');

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
