import { MAX_EMAIL_LENGTH } from '#domain/core/validation.ts';
import { MAX_TAG_LENGTH, MAX_TAGS } from '#domain/memories/tags.ts';
import { MAX_REASON_LENGTH } from '#domain/sales/do-not-call.ts';
import { MAX_LEAD_TEXT_LENGTH, MAX_NOTES_LENGTH } from '#domain/sales/lead-columns.ts';
import { MAX_LEAD_SEARCH_LENGTH } from '#domain/sales/lead-filter.ts';
import { LEAD_TRANSITIONS } from '#domain/sales/lead-status.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import * as resolvers from '#resolvers/leads.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { CallEligibility } from './call-eligibility.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { User } from './users.ts';

const next = (status: keyof typeof LEAD_TRANSITIONS) => `It can become ${LEAD_TRANSITIONS[status].join(', ')}.`;

const LeadStatus = builder.enumType('LeadStatus', {
  description: 'How far the sale to a lead is.',
  values: {
    NEW: { description: `The lead was not reached yet. ${next('NEW')}` },
    CONTACTED: { description: `The lead was spoken to. ${next('CONTACTED')}` },
    QUALIFIED: { description: `The lead has the need and the means. ${next('QUALIFIED')}` },
    MEETING_BOOKED: { description: `A meeting is agreed on. ${next('MEETING_BOOKED')}` },
    WON: { description: `The lead has bought. ${next('WON')}` },
    LOST: { description: `The lead does not buy. ${next('LOST')}` },
    DO_NOT_CALL: {
      description:
        'The number asked not to be called. It stays so whatever is imported, changed, deleted and created again; only an ADMIN lifts it.',
    },
  },
});

export const Lead = builder.prismaObject('Lead', {
  description: 'Somebody to sell something to, by their phone number.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the lead; it never changes.', resolve: idOf('Lead') }),
    owner: t.field({ type: User, description: 'The user whose lead it is.', resolve: resolvers.owner }),
    name: t.exposeString('name', { description: 'What the lead is called.' }),
    phone: t.exposeString('phone', {
      description: 'The phone number in E.164, such as `+972522345678`; no two leads of a user have the same.',
    }),
    country: t.string({
      nullable: true,
      description:
        'The ISO 3166 code of the country of the phone number, whose holidays and rules of consent hold; null for a number of no country.',
      resolve: resolvers.country,
    }),
    email: t.exposeString('email', { nullable: true, description: 'The e-mail address of the lead.' }),
    company: t.exposeString('company', { nullable: true, description: 'Where the lead works.' }),
    language: t.exposeString('language', {
      description: 'The language that the lead speaks, by BCP 47, such as `he`.',
    }),
    timeZone: t.string({
      description:
        'The IANA zone of the lead: the one that was given, else the middle one, from west to east, of those that the first digits of the phone number tell. UTC where none is known.',
      resolve: resolvers.timeZone,
    }),
    possibleTimeZones: t.stringList({
      description:
        'Every IANA zone that the lead can be in: the one that was given, else those of the phone number, with all of its country where people move with their numbers. Calls keep to the clocks of all of them.',
      resolve: resolvers.possibleTimeZones,
    }),
    status: t.expose('status', { type: LeadStatus, description: 'How far the sale is.' }),
    source: t.exposeString('source', { nullable: true, description: 'Where the lead came from.' }),
    notes: t.exposeString('notes', { nullable: true, description: 'What is worth knowing of the lead.' }),
    tags: t.exposeStringList('tags', {
      description: 'Words to find the lead by, in lower case, none of them twice.',
    }),
    consentAt: t.expose('consentAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the lead consented to be called.',
    }),
    consentReference: t.exposeString('consentReference', {
      nullable: true,
      description: 'What proves the consent, as the number of a form.',
    }),
    registryCheckedAt: t.expose('registryCheckedAt', {
      type: 'DateTime',
      nullable: true,
      description: "When the do-not-call registry of the number's country was last asked, and did not have the number.",
    }),
    registryReference: t.exposeString('registryReference', {
      nullable: true,
      description: 'What proves that the registry was asked, as the number of the inquiry.',
    }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried to call the lead.' }),
    lastAttemptAt: t.expose('lastAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last tried to call the lead.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the lead was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the lead was last changed.' }),
    callEligibility: t.field({
      type: CallEligibility,
      description: 'Whether the lead may be called, and every reason why it may not.',
      args: {
        at: t.arg({ type: 'DateTime', description: 'The moment to judge; now where it is left out.' }),
        campaignId: t.arg.id({
          description: 'The campaign that is to call: its window and its attempts count then, too. Errors: NOT_FOUND.',
        }),
      },
      // Up to 38 zones, of three weeks each.
      complexity: { field: 20, multiplier: 1 },
      resolve: resolvers.callEligibility,
    }),
  }),
});

const LeadConnection = connectionType(Lead, 'Lead', 'leads');

export const LeadFilter = builder.inputType('LeadFilter', {
  description: 'Conditions on leads; all that are given must hold.',
  fields: (t) => ({
    statuses: t.field({ type: [LeadStatus], description: 'Only leads that have one of these statuses.' }),
    tagsAny: t.stringList({ description: 'Only leads that have at least one of these tags.' }),
    search: t.string({
      description: `Only leads whose name, company or phone number contains this text, whatever the letter case and the accents: up to ${MAX_LEAD_SEARCH_LENGTH} characters. A number may be written as people do, such as 052-234.`,
    }),
  }),
});

builder.queryFields((t) => ({
  lead: t.field({
    type: Lead,
    nullable: true,
    description: "A lead by id; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The `id` of the lead.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.lead,
  }),
  leads: t.field({
    type: LeadConnection,
    description: "The viewer's leads, newest first.",
    args: {
      filter: t.arg({
        type: LeadFilter,
        description: 'Only leads that meet these conditions; all where it is left out.',
      }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.leads,
  }),
}));

const TEXT = `1 to ${MAX_LEAD_TEXT_LENGTH} characters`;
const PHONE =
  'The phone number, however it is written; without a country it is one of the country that `language` is spoken in, or that the operator has set.';
const TAGS = `Words to find the lead by: at most ${MAX_TAGS} tags of up to ${MAX_TAG_LENGTH} characters, kept in lower case, none of them twice`;

/** What creating and changing a lead have in common; `cleared` says what null does. */
const details = (t: InputFields, cleared: string) => ({
  email: t.string({ description: `The e-mail address of the lead, up to ${MAX_EMAIL_LENGTH} characters${cleared}.` }),
  company: t.string({ description: `Where the lead works, ${TEXT}${cleared}.` }),
  timeZone: t.string({
    description: `The IANA zone of the lead, such as Asia/Jerusalem; without one, calls keep to every zone that the phone number can be in${cleared}.`,
  }),
  source: t.string({ description: `Where the lead came from, ${TEXT}${cleared}.` }),
  notes: t.string({
    description: `What is worth knowing of the lead, 1 to ${digits(MAX_NOTES_LENGTH)} characters${cleared}.`,
  }),
  consentAt: t.field({
    type: 'DateTime',
    description: `When the lead consented to be called, in the past${cleared}.`,
  }),
  consentReference: t.string({ description: `What proves the consent, ${TEXT}${cleared}.` }),
  registryCheckedAt: t.field({
    type: 'DateTime',
    description: `When the do-not-call registry of the number's country was asked, and did not have the number, in the past${cleared}.`,
  }),
  registryReference: t.string({ description: `What proves that the registry was asked, ${TEXT}${cleared}.` }),
  idempotencyKey: idempotencyKey(t),
});

builder.relayMutationField(
  'createLead',
  {
    description: 'A lead to create.',
    inputFields: (t: InputFields) => ({
      name: t.string({ required: true, description: `What the lead is called, ${TEXT}.` }),
      phone: t.string({ required: true, description: PHONE }),
      language: t.string({
        defaultValue: DEFAULT_LANGUAGE,
        description: 'The language that the lead speaks, by BCP 47, as he or en-GB.',
      }),
      tags: t.stringList({ defaultValue: [], description: `${TAGS}.` }),
      ...details(t, ''),
    }),
  },
  {
    description:
      'Creates a lead. One whose number asked before not to be called is DO_NOT_CALL. Errors: CONFLICT (another lead has the number: its id is `leadId`), NOT_FOUND (repeated after the lead was deleted), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.createLead,
  },
  {
    description: 'The lead that was created.',
    outputFields: (t) => ({
      lead: t.expose('lead', { type: Lead, description: 'The new lead.' }),
      leadEdge: payloadEdge(t, LeadConnection.edge, 'leads', resolvers.leadEdge),
    }),
  },
);

builder.relayMutationField(
  'updateLead',
  {
    description: 'What to change of a lead; what is left out stays as it is.',
    inputFields: (t: InputFields) => ({
      leadId: t.id({ required: true, description: 'The id of the lead to change.' }),
      name: t.string({ description: `What the lead is called, ${TEXT}.` }),
      phone: t.string({ description: PHONE }),
      language: t.string({ description: 'The language that the lead speaks, by BCP 47, as he or en-GB.' }),
      status: t.field({
        type: LeadStatus,
        description: 'How far the sale is: one of the statuses that the present one can become.',
      }),
      tags: t.stringList({ description: `${TAGS}, in place of all that were there.` }),
      ...details(t, '; null clears it'),
    }),
  },
  {
    description:
      'Changes a lead. Errors: NOT_FOUND, CONFLICT (the status cannot become that one: `allowed` says which it can become; or another lead has the number: its id is `leadId`), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateLead,
  },
  {
    description: 'The lead that was changed.',
    outputFields: (t) => ({
      lead: t.expose('lead', { type: Lead, description: 'The lead as it is now.' }),
      leadEdge: payloadEdge(t, LeadConnection.edge, 'leads', resolvers.leadEdge),
    }),
  },
);

builder.relayMutationField(
  'deleteLead',
  {
    description: 'The lead to delete.',
    inputFields: (t: InputFields) => ({
      leadId: t.id({ required: true, description: 'The id of the lead to delete.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Deletes a lead with its meetings, its calls and the conversations of these; a call that is under way is hung up. That its number asked not to be called is still known, by a keyed hash of it. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteLead,
  },
  {
    description: 'The lead that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the lead that is gone.' }),
    }),
  },
);

builder.relayMutationField(
  'liftDoNotCall',
  {
    description: 'Whose number may be called again, and why.',
    inputFields: (t: InputFields) => ({
      userId: t.id({ required: true, description: 'The id of the user whose leads have, or had, the number.' }),
      phone: t.string({ required: true, description: 'The phone number with its country, as +972522345678.' }),
      reason: t.string({
        required: true,
        description: `Why it may be called again, for the audit: 1 to ${digits(MAX_REASON_LENGTH)} characters.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Lets a number be called again that asked not to be; the lead that has it is NEW. Requires scope ADMIN. Errors: NOT_FOUND (it did not ask for that), IDEMPOTENCY_CONFLICT.',
    authScopes: { admin: true },
    resolve: resolvers.liftDoNotCall,
  },
  {
    description: 'The number that may be called again.',
    outputFields: (t) => ({ phone: t.exposeString('phone', { description: 'The number that was given.' }) }),
  },
);
