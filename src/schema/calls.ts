import type { CallEvidence as Evidence } from '#domain/sales/eligibility/call-evidence.ts';
import * as resolvers from '#resolvers/calls.ts';
import { readFailure } from '#resolvers/failures.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Conversation } from './conversations.ts';
import { Failure } from './failures.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';
import { Lead } from './leads.ts';
import { Meeting } from './meetings.ts';

const CallDirection = builder.enumType('CallDirection', {
  description: 'Who called whom.',
  values: {
    OUTBOUND: { description: 'The lead was called.' },
    INBOUND: { description: 'The lead called.' },
  },
});

export const CallStatus = builder.enumType('CallStatus', {
  description:
    'How far a call is. It only goes forward: QUEUED, DIALING, RINGING, IN_PROGRESS; then it ends as COMPLETED, BUSY, NO_ANSWER, FAILED or CANCELLED.',
  values: {
    QUEUED: { description: 'The call waits for its turn, by the limit of the line.' },
    DIALING: { description: 'The provider of the line was asked to make the call.' },
    RINGING: { description: 'The phone of the lead rings.' },
    IN_PROGRESS: { description: 'The call was answered; `answeredBy` says by whom.' },
    COMPLETED: { description: 'The call was answered, and is over; `outcome` says what came of it.' },
    BUSY: { description: 'The lead was in another call.' },
    NO_ANSWER: { description: 'Nobody answered while it rang.' },
    FAILED: { description: 'The call could not be made; `error` says why.' },
    CANCELLED: {
      description: 'The call was ended before it was answered; `error` says why, where a rule has done it.',
    },
  },
});

export const CallOutcome = builder.enumType('CallOutcome', {
  description: 'What came of a call that was answered.',
  values: {
    MEETING_BOOKED: { description: 'A meeting was booked.' },
    INTERESTED: { description: 'The lead is interested, and no meeting was booked.' },
    CALL_BACK: { description: 'The lead asked to be called again; `nextStep` says when.' },
    NOT_INTERESTED: { description: 'The lead is not interested.' },
    WRONG_NUMBER: { description: 'The number is not that of the lead.' },
    VOICEMAIL: { description: 'A voicemail answered.' },
    DO_NOT_CALL: { description: 'The lead asked not to be called.' },
    NO_OUTCOME: { description: 'Nothing came of the call, as where nobody spoke.' },
  },
});

const CallParty = builder.enumType('CallParty', {
  description: 'Who or what answered a call. Only a PERSON counts as reached.',
  values: {
    PERSON: { description: 'Somebody answered themselves.' },
    VOICEMAIL: { description: 'A voicemail answered, which takes messages.' },
    SCREENER: { description: 'A machine that asks who calls, and why; a person may follow.' },
    HOLD: { description: 'A queue, with music or a voice that asks to wait.' },
    UNKNOWN: { description: 'Nobody knows; it is spoken with as a person.' },
  },
});

const CallEvidence = builder.objectRef<Evidence>('CallEvidence').implement({
  description:
    'What a call was judged by at the moment it was dialled; what changes of its lead later does not change it.',
  fields: (t) => ({
    consentAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the lead had consented; null where nothing was recorded.',
      resolve: ({ consentAt }) => toDate(consentAt),
    }),
    consentReference: t.exposeString('consentReference', { nullable: true, description: 'What proves the consent.' }),
    registryCheckedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the do-not-call registry had been asked; null where nothing was recorded.',
      resolve: ({ registryCheckedAt }) => toDate(registryCheckedAt),
    }),
    registryReference: t.exposeString('registryReference', {
      nullable: true,
      description: 'What proves that the registry was asked.',
    }),
    country: t.exposeString('country', {
      nullable: true,
      description: 'The country of the number, by ISO 3166; null for a number of none.',
    }),
    timeZones: t.exposeStringList('timeZones', {
      description: 'The IANA zones by whose clocks it was time for the call.',
    }),
  }),
});

const toDate = (text: string | null) => (text === null ? null : new Date(text));

export const Call = builder.prismaObject('Call', {
  description: 'A call with a lead. `changes` tells of every step of it, `messageAdded` of its conversation.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the call; it never changes.', resolve: idOf('Call') }),
    lead: t.field({ type: Lead, description: 'Whom the call is with.', resolve: resolvers.lead }),
    conversation: t.field({
      type: Conversation,
      nullable: true,
      description:
        'What is said in the call, as it is said: the lead is USER, the agent ASSISTANT. Of what was cut off, the content is what was heard, and `metadata` is `{ cutOff: true, said }`. Null where it was deleted.',
      resolve: resolvers.conversation,
    }),
    direction: t.expose('direction', { type: CallDirection, description: 'Who called whom.' }),
    status: t.expose('status', { type: CallStatus, description: 'How far the call is.' }),
    outcome: t.expose('outcome', {
      type: CallOutcome,
      nullable: true,
      description: 'What came of the call, as it is judged by now; null while that is open, and where nobody answered.',
    }),
    answeredBy: t.expose('answeredBy', {
      type: CallParty,
      nullable: true,
      description: 'Who or what answered, as far as it can be told by now; null where nobody has.',
    }),
    nextStep: t.exposeString('nextStep', { nullable: true, description: 'What was agreed on, in words.' }),
    phone: t.exposeString('phone', {
      description: 'The number of the lead in this call, in E.164; the lead may have another by now.',
    }),
    attempt: t.exposeInt('attempt', {
      description: 'The number of the call among those to the lead: 1 for the first.',
    }),
    provider: t.exposeString('provider', { description: 'The line that carries the call: `twilio`, or `simulated`.' }),
    providerCallId: t.exposeString('providerCallId', {
      nullable: true,
      description: 'The id of the call at the provider of the line; null before it is known.',
    }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When the call was asked for, or came.' }),
    dialledAt: t.expose('dialledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the provider was asked to make the call; null where it was not.',
    }),
    evidence: t.field({
      type: CallEvidence,
      nullable: true,
      description: 'What allowed the call; null where it was not dialled, or came in.',
      resolve: resolvers.evidence,
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the call was answered; null where it was not.',
    }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When the call ended.' }),
    durationSeconds: t.float({
      nullable: true,
      description: 'How long the call was talked in, in seconds; null until it is over, and where it was not answered.',
      resolve: resolvers.durationSeconds,
    }),
    error: t.field({
      type: Failure,
      nullable: true,
      description: 'Why the call was not made, or ended before its time; null where neither is so.',
      resolve: readFailure,
    }),
  }),
});

export const CallConnection = connectionType(Call, 'Call', 'calls');

builder.objectField(Lead, 'calls', (t) =>
  t.field({
    type: CallConnection,
    description: 'The calls with the lead, newest first.',
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    resolve: resolvers.callsWithLead,
  }),
);

builder.objectField(Meeting, 'call', (t) =>
  t.field({
    type: Call,
    nullable: true,
    description: 'The call in which the meeting was booked; null where it was booked otherwise, or the call is gone.',
    resolve: resolvers.callOfMeeting,
  }),
);

const CallOrder = builder.enumType('CallOrder', {
  description: 'How a list of calls is ordered.',
  values: {
    QUEUED_DESC: { description: 'By when they were asked for, the newest call first.' },
    QUEUED_ASC: { description: 'By when they were asked for, the oldest call first.' },
  },
});

const CallFilter = builder.inputType('CallFilter', {
  description: 'Conditions on calls; all that are given must hold.',
  fields: (t) => ({
    statuses: t.field({ type: [CallStatus], description: 'Only calls that have one of these statuses.' }),
    outcomes: t.field({ type: [CallOutcome], description: 'Only calls that have one of these outcomes.' }),
    directions: t.field({ type: [CallDirection], description: 'Only calls of one of these directions.' }),
    leadId: t.id({ description: 'Only calls with this lead.' }),
    queuedFrom: t.field({ type: 'DateTime', description: 'Only calls that were asked for at this time or later.' }),
    queuedBefore: t.field({ type: 'DateTime', description: 'Only calls that were asked for before this time.' }),
  }),
});

builder.queryFields((t) => ({
  call: t.field({
    type: Call,
    nullable: true,
    description: "A call by id; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The `id` of the call.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.call,
  }),
  calls: t.field({
    type: CallConnection,
    description: "The viewer's calls.",
    args: {
      filter: t.arg({
        type: CallFilter,
        description: 'Only calls that meet these conditions; all where it is left out.',
      }),
      orderBy: t.arg({ type: CallOrder, defaultValue: 'QUEUED_DESC', description: 'The order of the calls.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.calls,
  }),
}));

builder.relayMutationField(
  'callLead',
  {
    description: 'The lead to call.',
    inputFields: (t: InputFields) => ({
      leadId: t.id({ required: true, description: 'The id of the lead to call.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Calls a lead as soon as a place for a call and the line are free. Whether the lead may be called is judged now, and again when it is dialled. Errors: NOT_FOUND, NOT_ELIGIBLE (`reasons` are those of `callEligibility`, with `nextAllowedAt`), CONFLICT (the lead is in a call: its id is `callId`), QUEUE_FULL (as many of your calls wait as may), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.callLead,
  },
  {
    description: 'The call that was placed.',
    outputFields: (t) => ({
      call: t.expose('call', { type: Call, description: 'The call, which waits for its turn.' }),
      callEdge: payloadEdge(t, CallConnection.edge, 'calls', resolvers.callEdge),
      job: t.expose('job', { type: Job, description: 'The job that dials.' }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
    }),
  },
);

builder.relayMutationField(
  'cancelCall',
  {
    description: 'The call to end.',
    inputFields: (t: InputFields) => ({
      callId: t.id({ required: true, description: 'The id of the call to end.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Ends a call at once: one that waits or rings is CANCELLED, one that is talked in is COMPLETED. One that is over stays as it is. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.cancelCall,
  },
  {
    description: 'The call that was ended.',
    outputFields: (t) => ({
      call: t.expose('call', { type: Call, description: 'The call as it is now.' }),
      callEdge: payloadEdge(t, CallConnection.edge, 'calls', resolvers.callEdge),
    }),
  },
);
