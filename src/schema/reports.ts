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
import { NOT_KEPT } from './caching.ts';
import { CallOutcome, CallStatus } from './calls.ts';
import { Campaign } from './campaigns.ts';

const OutcomeCount = builder.objectRef<CallReport['byOutcome'][number]>('CallOutcomeCount').implement({
  description: 'How many calls ended in one way.',
  fields: (t) => ({
    status: t.expose('status', { type: CallStatus, description: 'How far the calls are.' }),
    outcome: t.expose('outcome', {
      type: CallOutcome,
      nullable: true,
      description: 'What came of the calls; null where nobody answered, and while that is open.',
    }),
    calls: t.exposeInt('calls', { description: 'How many calls have this status and outcome.' }),
  }),
});

const NUMBERS = {
  calls: 'Calls that were dialled.',
  answered: 'Calls that somebody or something answered.',
  reached: 'Calls in which a person was spoken to.',
  meetingsBooked: 'Calls in which a meeting was booked.',
  talkSeconds: 'How long the calls were talked in together, in seconds.',
};

const DayNumbers = builder.objectRef<{ day: string } & CallNumbers>('CallsOfDay').implement({
  description: 'The calls of one day.',
  fields: (t) => ({
    day: t.exposeString('day', { description: "The day by the leads' own clocks, such as `2026-03-31`." }),
    calls: t.exposeInt('calls', { description: NUMBERS.calls }),
    answered: t.exposeInt('answered', { description: NUMBERS.answered }),
    reached: t.exposeInt('reached', { description: NUMBERS.reached }),
    meetingsBooked: t.exposeInt('meetingsBooked', { description: NUMBERS.meetingsBooked }),
    talkSeconds: t.exposeFloat('talkSeconds', { description: NUMBERS.talkSeconds }),
  }),
});

const HourNumbers = builder.objectRef<{ hour: number } & CallNumbers>('CallsOfHour').implement({
  description: 'The calls of one hour of all days.',
  fields: (t) => ({
    hour: t.exposeInt('hour', { description: "The hour by the leads' own clocks, 0 to 23." }),
    calls: t.exposeInt('calls', { description: NUMBERS.calls }),
    answered: t.exposeInt('answered', { description: NUMBERS.answered }),
    reached: t.exposeInt('reached', { description: NUMBERS.reached }),
    meetingsBooked: t.exposeInt('meetingsBooked', { description: NUMBERS.meetingsBooked }),
    talkSeconds: t.exposeFloat('talkSeconds', { description: NUMBERS.talkSeconds }),
  }),
});

const BlockedLeadCount = builder.objectRef<BlockedLeads>('BlockedLeadCount').implement({
  description: 'How many leads of campaigns may not be called for a reason; a lead with several counts for each.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The reason, by its code in `callEligibility`.' }),
    leads: t.exposeInt('leads', { description: 'How many leads are blocked by this reason.' }),
  }),
});

const { number } = resolvers;

const SalesReport = builder.objectRef<ReportScope>('SalesReport').implement({
  description: 'Calls to leads in numbers: those that were dialled, whether or not they are over.',
  fields: (t) => ({
    calls: t.int({ description: NUMBERS.calls, resolve: number(({ calls }) => calls) }),
    answered: t.int({ description: NUMBERS.answered, resolve: number(({ answered }) => answered) }),
    reached: t.int({ description: NUMBERS.reached, resolve: number(({ reached }) => reached) }),
    reachRate: t.float({
      nullable: true,
      description: 'The share of the calls in which a person was spoken to, 0 to 1; null where there are no calls.',
      resolve: number(reachRate),
    }),
    meetingsBooked: t.int({
      description: NUMBERS.meetingsBooked,
      resolve: number(({ meetingsBooked }) => meetingsBooked),
    }),
    meetingsPerHundredCalls: t.float({
      nullable: true,
      description: 'The meetings that a hundred calls have booked; null where there are no calls.',
      resolve: number(meetingsPerHundredCalls),
    }),
    talkSeconds: t.float({ description: NUMBERS.talkSeconds, resolve: number(({ talkSeconds }) => talkSeconds) }),
    byOutcome: t.field({
      type: [OutcomeCount],
      description: 'The calls by how they ended.',
      resolve: number(({ byOutcome }) => byOutcome),
    }),
    byDay: t.field({
      type: [DayNumbers],
      description: 'The calls by day, the earliest first; days without calls are left out.',
      resolve: number(({ byDay }) => byDay),
    }),
    byHour: t.field({
      type: [HourNumbers],
      description: 'The calls by hour of the day; hours without calls are left out.',
      resolve: number(({ byHour }) => byHour),
    }),
    blockedLeads: t.field({
      type: [BlockedLeadCount],
      description: 'Why leads of the campaigns may not be called, the most frequent reason first.',
      resolve: resolvers.blocked,
    }),
  }),
});

builder.objectField(Campaign, 'stats', (t) =>
  t.field({
    type: SalesReport,
    description: 'The calls of the campaign in numbers.',
    complexity: { field: 20, multiplier: 1 },
    resolve: resolvers.stats,
  }),
);

builder.queryFields((t) => ({
  salesReport: t.field({
    type: SalesReport,
    description: `The viewer's calls of some time in numbers, and the blocked leads of the campaigns that were started in it.`,
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'When the time begins.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: `When the time ends, at most ${MAX_REPORT_DAYS} days later; that moment is not in it.`,
      }),
    },
    complexity: { field: 50, multiplier: 1 },
    extensions: NOT_KEPT,
    resolve: resolvers.salesReport,
  }),
}));
