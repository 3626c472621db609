import type { CallEvidence as Evidence } from '#domain/sales/eligibility/call-evidence.ts';
import * as resolvers from '#resolvers/calls.ts';
import { readFailure } from '#resolvers/failures.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { Conversation } from './conversations.ts';
import { Failure } from './failures.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection } from './jobs.ts';
import { Lead } from './leads.ts';
import { Meeting } from './meetings.ts';

const CallDirection = builder.enumType('CallDirection', {
  description: 'Whether the call is inbound or outbound.',
  values: {
    OUTBOUND: { description: 'A call to the lead.' },
    INBOUND: { description: 'A call from the lead.' },
  },
});

export const CallStatus = builder.enumType('CallStatus', {
  description:
    'The status of a call. It only moves forward: QUEUED, DIALING, RINGING, IN_PROGRESS, and finally one of COMPLETED, BUSY, NO_ANSWER, FAILED or CANCELLED.',
  values: {
    QUEUED: { description: 'The call waits for a free line.' },
    DIALING: { description: 'The telephony provider was instructed to place the call.' },
    RINGING: { description: "The lead's phone is ringing." },
    IN_PROGRESS: { description: 'The call was answered; `answeredBy` says by whom.' },
    COMPLETED: { description: 'The call was answered and has ended; see `outcome`.' },
    BUSY: { description: "The lead's line was busy." },
    NO_ANSWER: { description: 'The lead did not answer.' },
    FAILED: { description: 'The call could not be made; `error` says why.' },
    CANCELLED: {
      description: 'The call was cancelled before it was answered; `error` says why if a rule required it.',
    },
  },
});

export const CallOutcome = builder.enumType('CallOutcome', {
  description: 'The outcome of an answered call.',
  values: {
    MEETING_BOOKED: { description: 'A meeting was booked.' },
    INTERESTED: { description: 'The lead is interested, but no meeting was booked.' },
    CALL_BACK: { description: 'The lead asked to be called back; `nextStep` says when.' },
    NOT_INTERESTED: { description: 'The lead is not interested.' },
    WRONG_NUMBER: { description: 'The number does not belong to the lead.' },
    VOICEMAIL: { description: 'A voicemail answered.' },
    DO_NOT_CALL: { description: 'The lead asked not to be called again.' },
    NO_OUTCOME: { description: 'The call had no result, for example because nobody spoke.' },
  },
});

const CallParty = builder.enumType('CallParty', {
  description: 'Who or what answered a call. Only a PERSON counts as reached.',
  values: {
    PERSON: { description: 'A person answered.' },
    VOICEMAIL: { description: 'A voicemail answered.' },
    SCREENER: { description: 'A call screening service, which asks who is calling and why; a person may follow.' },
    HOLD: { description: 'A hold queue: music, or an announcement that asks the caller to wait.' },
    UNKNOWN: { description: 'Not known; the agent treats it as a person.' },
  },
});

const CallEvidence = builder.objectRef<Evidence>('CallEvidence').implement({
  description:
    'The facts by which a call was allowed when it was dialled. Later changes of the lead do not change them.',
  fields: (t) => ({
    consentAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the lead consented to be called; null if no consent was recorded.',
      resolve: ({ consentAt }) => toDate(consentAt),
    }),
    consentReference: t.exposeString('consentReference', {
      nullable: true,
      description: 'A reference that proves the consent.',
    }),
    registryCheckedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the do-not-call registry was checked; null if no check was recorded.',
      resolve: ({ registryCheckedAt }) => toDate(registryCheckedAt),
    }),
    registryReference: t.exposeString('registryReference', {
      nullable: true,
      description: 'A reference that proves the registry check.',
    }),
    country: t.exposeString('country', {
      nullable: true,
      description: "The ISO 3166-1 alpha-2 code of the number's country; null for a number without a country.",
    }),
    timeZones: t.exposeStringList('timeZones', {
      description: 'The IANA time zones in which it was a permitted time of day.',
    }),
  }),
});

const toDate = (text: string | null) => (text === null ? null : new Date(text));

export const Call = builder.prismaObject('Call', {
  description:
    'A phone call with a lead. Follow its status with the subscription `changes`, and its conversation with `messageAdded`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the call; it never changes.', resolve: idOf('Call') }),
    lead: t.field({ type: Lead, description: 'The lead that the call is with.', resolve: resolvers.lead }),
    conversation: t.field({
      type: Conversation,
      nullable: true,
      description:
        'The live transcript of the call: the lead is USER, the agent is ASSISTANT. If the lead interrupted the agent, `content` is what the lead heard, and `metadata` is `{ cutOff: true, said }` with the full text in `said`. Null if the conversation was deleted.',
      resolve: resolvers.conversation,
    }),
    direction: t.expose('direction', { type: CallDirection, description: 'Whether the call is inbound or outbound.' }),
    status: t.expose('status', { type: CallStatus, description: 'The status of the call.' }),
    outcome: t.expose('outcome', {
      type: CallOutcome,
      nullable: true,
      description: 'The outcome of the call as judged so far; null if it is not known yet, or nobody answered.',
    }),
    answeredBy: t.expose('answeredBy', {
      type: CallParty,
      nullable: true,
      description: 'Who or what answered, as far as is known so far; null if the call was not answered.',
    }),
    nextStep: t.exposeString('nextStep', { nullable: true, description: 'The agreed next step, as free text.' }),
    phone: t.exposeString('phone', {
      description: "The phone number of the lead in this call, in E.164 format. The lead's present number may differ.",
    }),
    attempt: t.exposeInt('attempt', {
      description: 'The ordinal number of the call among all calls to the lead, from 1.',
    }),
    provider: t.exposeString('provider', { description: 'The telephony provider: `twilio` or `simulated`.' }),
    providerCallId: t.exposeString('providerCallId', {
      nullable: true,
      description: 'The id of the call at the telephony provider; null until it is known.',
    }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When the call was requested, or came in.' }),
    dialledAt: t.expose('dialledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the provider was instructed to place the call; null if it was not.',
    }),
    evidence: t.field({
      type: CallEvidence,
      nullable: true,
      description:
        'The facts that the permission to call was based on; null for an inbound call, and if it was not dialled.',
      resolve: resolvers.evidence,
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the call was answered; null if it was not.',
    }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When the call ended.' }),
    durationSeconds: t.float({
      nullable: true,
      description:
        'How long the call lasted from its answer to its end, in seconds; null until it has ended, and if it was not answered.',
      resolve: resolvers.durationSeconds,
    }),
    error: t.field({
      type: Failure,
      nullable: true,
      description: 'Why the call was not made, or ended early; null if neither happened.',
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
    description:
      'The call in which the meeting was booked; null if it was booked in another way, or the call was deleted.',
    resolve: resolvers.callOfMeeting,
  }),
);

const CallOrder = builder.enumType('CallOrder', {
  description: 'The sort order of a list of calls.',
  values: {
    QUEUED_DESC: { description: 'By `queuedAt`, newest first.' },
    QUEUED_ASC: { description: 'By `queuedAt`, oldest first.' },
  },
});

const CallFilter = builder.inputType('CallFilter', {
  description: 'Filter for calls. All given conditions must match.',
  fields: (t) => ({
    statuses: t.field({ type: [CallStatus], description: 'Only calls with one of these statuses.' }),
    outcomes: t.field({ type: [CallOutcome], description: 'Only calls with one of these outcomes.' }),
    directions: t.field({ type: [CallDirection], description: 'Only calls of one of these directions.' }),
    leadId: t.id({ description: 'Only calls with this lead.' }),
    campaignId: t.id({ description: 'Only calls of this campaign.' }),
    queuedFrom: t.field({ type: 'DateTime', description: 'Only calls requested at this moment or later.' }),
    queuedBefore: t.field({ type: 'DateTime', description: 'Only calls requested before this moment.' }),
    startedAfter: t.field({ type: 'DateTime', description: 'Only calls answered at this moment or later.' }),
    startedBefore: t.field({ type: 'DateTime', description: 'Only calls answered before this moment.' }),
  }),
});

builder.queryFields((t) => ({
  call: t.field({
    type: Call,
    nullable: true,
    description: 'A call by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of the call.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.call,
  }),
  calls: t.field({
    type: CallConnection,
    description: "The viewer's calls.",
    args: {
      filter: t.arg({
        type: CallFilter,
        description: 'Only calls that match this filter. Default: all.',
      }),
      orderBy: t.arg({ type: CallOrder, defaultValue: 'QUEUED_DESC', description: 'The order of the calls.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_CACHED,
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
      'Queues a call to a lead, which is dialled as soon as a line is free. Whether the lead may be called is checked now, and again before dialling. Errors: NOT_FOUND, NOT_ELIGIBLE (`reasons` and `nextAllowedAt` are as in `callEligibility`), CONFLICT (the lead is already in a call, whose id is `callId`), QUEUE_FULL (the viewer has too many waiting calls), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.callLead,
  },
  {
    description: 'The call that was queued.',
    outputFields: (t) => ({
      call: t.expose('call', { type: Call, description: 'The call, with status QUEUED.' }),
      callEdge: payloadEdge(t, CallConnection.edge, 'calls', resolvers.callEdge),
      job: t.expose('job', { type: Job, description: 'The job that dials the lead.' }),
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
      'Ends a call immediately. A waiting or ringing call becomes CANCELLED, an answered one COMPLETED. No effect if the call has ended. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.cancelCall,
  },
  {
    description: 'The call that was ended.',
    outputFields: (t) => ({
      call: t.expose('call', { type: Call, description: 'The call after the change.' }),
      callEdge: payloadEdge(t, CallConnection.edge, 'calls', resolvers.callEdge),
    }),
  },
);
