import { MAX_CAMPAIGN_NAME_LENGTH } from '#domain/sales/campaigns/campaign-filter.ts';
import type { CampaignProgress as Progress } from '#domain/sales/campaigns/progress.ts';
import * as resolvers from '#resolvers/campaigns.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { CallWindow } from './call-windows.ts';
import { Call, CallConnection } from './calls.ts';
import { CampaignLeadConnection, CampaignLeadFilter } from './campaign-leads.ts';
import { connectionType } from './connection.ts';
import { Job } from './jobs.ts';
import { User } from './users.ts';

const CampaignStatus = builder.enumType('CampaignStatus', {
  description: 'The status of a campaign.',
  values: {
    DRAFT: { description: 'The campaign has not been started yet. With `startsAt`, it starts by itself.' },
    RUNNING: { description: 'Leads are being called, each when it may be called.' },
    PAUSED: {
      description: 'No calls are made until the campaign is resumed. A campaign is also paused when its job fails.',
    },
    COMPLETED: { description: 'Every lead was reached, was tried the maximum number of times, or is blocked.' },
    CANCELLED: { description: 'The campaign was cancelled before it was completed.' },
  },
});

const CampaignProgress = builder.objectRef<Progress>('CampaignProgress').implement({
  description:
    'The progress of a campaign. `leads` is always the sum of `pending`, `inProgress`, `reached`, `notReached`, `blocked` and `cancelled`.',
  fields: (t) => ({
    leads: t.exposeInt('leads', { description: 'The number of leads in the campaign. Deleted leads do not count.' }),
    pending: t.exposeInt('pending', {
      description: 'The number of leads that are waiting to be called, for the first time or again.',
    }),
    inProgress: t.exposeInt('inProgress', {
      description: 'The number of leads that are in a call, or waiting for one to be dialled.',
    }),
    reached: t.exposeInt('reached', { description: 'The number of leads that were reached.' }),
    notReached: t.exposeInt('notReached', {
      description:
        'The number of leads that were not reached within the maximum number of attempts, or whose number is wrong.',
    }),
    blocked: t.exposeInt('blocked', { description: 'The number of leads that may not be called at any time.' }),
    cancelled: t.exposeInt('cancelled', {
      description: 'The number of leads that were still waiting when the campaign was cancelled.',
    }),
    meetingsBooked: t.exposeInt('meetingsBooked', {
      description: 'The number of leads that booked a meeting in a call of the campaign.',
    }),
    percent: t.exposeFloat('percent', {
      description: 'The percentage of leads that the campaign is done with, 0 to 100.',
    }),
  }),
});

export const Campaign = builder.prismaObject('Campaign', {
  description: 'A series of calls to many leads. Follow it with the subscription `campaignUpdated`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the campaign; it never changes.', resolve: idOf('Campaign') }),
    owner: t.field({ type: User, description: 'The user who owns the campaign.', resolve: resolvers.owner }),
    name: t.exposeString('name', { description: 'The name of the campaign.' }),
    goal: t.exposeString('goal', { description: 'The topic of the calls.' }),
    language: t.exposeString('language', {
      description: 'The language for leads whose own language the agent does not speak, as a BCP 47 tag such as `he`.',
    }),
    status: t.expose('status', { type: CampaignStatus, description: 'The status of the campaign.' }),
    callWindow: t.field({
      type: CallWindow,
      description: 'The days and hours at which leads may be called.',
      resolve: resolvers.callWindow,
    }),
    maxConcurrentCalls: t.exposeInt('maxConcurrentCalls', {
      description: 'The maximum number of concurrent calls of the campaign.',
    }),
    maxAttempts: t.exposeInt('maxAttempts', { description: 'The maximum number of calls to each lead.' }),
    progress: t.field({
      type: CampaignProgress,
      description: 'The progress of the campaign.',
      complexity: { field: 10, multiplier: 1 },
      resolve: resolvers.progress,
    }),
    leads: t.field({
      type: CampaignLeadConnection,
      description: 'The leads of the campaign, newest first. In a large campaign, those that its job has added so far.',
      args: {
        filter: t.arg({ type: CampaignLeadFilter, description: 'Only leads that match this filter.' }),
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
    startsAt: t.expose('startsAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the campaign starts by itself, or has done so; null if it waits for `startCampaign`, or was started by it.',
    }),
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
        'The job that adds the leads of a large campaign, and calls them once the campaign is started; null before there is one.',
      resolve: resolvers.job,
    }),
  }),
});

export const CampaignConnection = connectionType(Campaign, 'Campaign', 'campaigns');

builder.objectField(Call, 'campaign', (t) =>
  t.field({
    type: Campaign,
    nullable: true,
    description: 'The campaign that the call belongs to; null for a single call.',
    resolve: resolvers.campaignOfCall,
  }),
);

const CampaignOrder = builder.enumType('CampaignOrder', {
  description: 'The sort order of a list of campaigns.',
  values: {
    CREATED_DESC: { description: 'By creation time, newest first.' },
    CREATED_ASC: { description: 'By creation time, oldest first.' },
    NAME_ASC: { description: 'By name in ascending order, ignoring case and accents.' },
  },
});

const CampaignFilter = builder.inputType('CampaignFilter', {
  description: 'Filter for campaigns. All given conditions must match.',
  fields: (t) => ({
    statuses: t.field({ type: [CampaignStatus], description: 'Only campaigns with one of these statuses.' }),
    nameContains: t.string({
      description: `Only campaigns whose name contains this text, ignoring case and accents; up to ${MAX_CAMPAIGN_NAME_LENGTH} characters. An empty text is no filter.`,
    }),
  }),
});

builder.queryFields((t) => ({
  campaign: t.field({
    type: Campaign,
    nullable: true,
    description: 'A campaign by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of the campaign.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.campaign,
  }),
  campaigns: t.field({
    type: CampaignConnection,
    description: "The viewer's campaigns.",
    args: {
      filter: t.arg({ type: CampaignFilter, description: 'Only campaigns that match this filter.' }),
      orderBy: t.arg({
        type: CampaignOrder,
        defaultValue: 'CREATED_DESC',
        description: 'The order of the campaigns.',
      }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_CACHED,
    resolve: resolvers.campaigns,
  }),
}));

builder.subscriptionFields((t) => ({
  campaignUpdated: t.field({
    type: Campaign,
    description:
      'The present state of a campaign, then its newest state after changes, including its progress, at most once per second. Completes when the campaign and its last call have ended. Errors: NOT_FOUND.',
    args: { campaignId: t.arg.id({ required: true, description: 'The id of the campaign to follow.' }) },
    subscribe: resolvers.campaignUpdated,
    resolve: resolvers.campaignOfEvent,
  }),
}));
