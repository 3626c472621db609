import type { BlockedLeads } from '#domain/sales/reports/blocked-leads.ts';
import {
  type CallNumbers,
  type CallReport,
  MAX_REPORT_DAYS,
  meetingsPerHundredCalls,
  type ReportScope,
  reachRate,
} from '#domain/sales/reports/call-report.ts';
import * as resolvers from '#resolvers/reports.ts';
import { builder } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { CallOutcome, CallStatus } from './calls.ts';
import { Campaign } from './campaigns.ts';

const OutcomeCount = builder.objectRef<CallReport['byOutcome'][number]>('CallOutcomeCount').implement({
  description: 'The number of calls with one combination of status and outcome.',
  fields: (t) => ({
    status: t.expose('status', { type: CallStatus, description: 'The status of the calls.' }),
    outcome: t.expose('outcome', {
      type: CallOutcome,
      nullable: true,
      description: 'The outcome of the calls; null if nobody answered, or it is not known yet.',
    }),
    calls: t.exposeInt('calls', { description: 'The number of calls with this status and outcome.' }),
  }),
});

const NUMBERS = {
  calls: 'The number of calls that were dialled.',
  answered: 'The number of calls that a person or a machine answered.',
  reached: 'The number of calls that reached a person.',
  meetingsBooked: 'The number of calls in which a meeting was booked.',
  talkSeconds: 'The total duration of the answered calls, in seconds.',
};

const DayNumbers = builder.objectRef<{ day: string } & CallNumbers>('CallsOfDay').implement({
  description: 'The calls of one day.',
  fields: (t) => ({
    day: t.exposeString('day', { description: "The day in the leads' local time, such as `2026-03-31`." }),
    calls: t.exposeInt('calls', { description: NUMBERS.calls }),
    answered: t.exposeInt('answered', { description: NUMBERS.answered }),
    reached: t.exposeInt('reached', { description: NUMBERS.reached }),
    meetingsBooked: t.exposeInt('meetingsBooked', { description: NUMBERS.meetingsBooked }),
    talkSeconds: t.exposeFloat('talkSeconds', { description: NUMBERS.talkSeconds }),
  }),
});

const HourNumbers = builder.objectRef<{ hour: number } & CallNumbers>('CallsOfHour').implement({
  description: 'The calls made in one hour of the day, over all days.',
  fields: (t) => ({
    hour: t.exposeInt('hour', { description: "The hour of the day in the leads' local time, 0 to 23." }),
    calls: t.exposeInt('calls', { description: NUMBERS.calls }),
    answered: t.exposeInt('answered', { description: NUMBERS.answered }),
    reached: t.exposeInt('reached', { description: NUMBERS.reached }),
    meetingsBooked: t.exposeInt('meetingsBooked', { description: NUMBERS.meetingsBooked }),
    talkSeconds: t.exposeFloat('talkSeconds', { description: NUMBERS.talkSeconds }),
  }),
});

const BlockedLeadCount = builder.objectRef<BlockedLeads>('BlockedLeadCount').implement({
  description: 'How many leads of campaigns are blocked for one reason. A lead with several reasons counts for each.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The code of the reason, as in `CallRestriction.code`.' }),
    leads: t.exposeInt('leads', { description: 'How many leads are blocked by this reason.' }),
  }),
});

const { number } = resolvers;

const SalesReport = builder.objectRef<ReportScope>('SalesReport').implement({
  description: 'Statistics about calls that were dialled, whether or not they have ended.',
  fields: (t) => ({
    calls: t.int({ description: NUMBERS.calls, resolve: number(({ calls }) => calls) }),
    answered: t.int({ description: NUMBERS.answered, resolve: number(({ answered }) => answered) }),
    reached: t.int({ description: NUMBERS.reached, resolve: number(({ reached }) => reached) }),
    reachRate: t.float({
      nullable: true,
      description: 'The share of calls that reached a person, 0 to 1; null if there are no calls.',
      resolve: number(reachRate),
    }),
    meetingsBooked: t.int({
      description: NUMBERS.meetingsBooked,
      resolve: number(({ meetingsBooked }) => meetingsBooked),
    }),
    meetingsPerHundredCalls: t.float({
      nullable: true,
      description: 'The number of meetings booked per 100 calls; null if there are no calls.',
      resolve: number(meetingsPerHundredCalls),
    }),
    meetingsHeld: t.int({
      description:
        'The number of meetings that were held: those that began in the period, or were booked in calls of the campaign.',
      resolve: resolvers.meetingsHeld,
    }),
    noShows: t.int({
      description: 'The number of such meetings to which the lead did not come.',
      resolve: resolvers.noShows,
    }),
    talkSeconds: t.float({ description: NUMBERS.talkSeconds, resolve: number(({ talkSeconds }) => talkSeconds) }),
    byOutcome: t.field({
      type: [OutcomeCount],
      description: 'The calls by status and outcome.',
      resolve: number(({ byOutcome }) => byOutcome),
    }),
    byDay: t.field({
      type: [DayNumbers],
      description: 'The calls by day, earliest first; days without calls are left out.',
      resolve: number(({ byDay }) => byDay),
    }),
    byHour: t.field({
      type: [HourNumbers],
      description: 'The calls by hour of the day; hours without calls are left out.',
      resolve: number(({ byHour }) => byHour),
    }),
    blockedLeads: t.field({
      type: [BlockedLeadCount],
      description: 'The reasons why leads of the campaigns are blocked, most frequent first.',
      resolve: resolvers.blocked,
    }),
  }),
});

builder.objectField(Campaign, 'stats', (t) =>
  t.field({
    type: SalesReport,
    description: 'Statistics about the calls of the campaign.',
    complexity: { field: 20, multiplier: 1 },
    resolve: resolvers.stats,
  }),
);

builder.queryFields((t) => ({
  salesReport: t.field({
    type: SalesReport,
    description:
      "Statistics about the viewer's calls in a period, and about blocked leads of the campaigns that were started in it.",
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'The start of the period, inclusive.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: `The end of the period, exclusive; at most ${MAX_REPORT_DAYS} days after its start.`,
      }),
    },
    complexity: { field: 50, multiplier: 1 },
    extensions: NOT_CACHED,
    resolve: resolvers.salesReport,
  }),
}));
