import { MAX_EMAIL_LENGTH } from '#domain/core/validation.ts';
import { MAX_TAG_LENGTH, MAX_TAGS } from '#domain/memories/tags.ts';
import { MAX_REASON_LENGTH } from '#domain/sales/do-not-call.ts';
import { MAX_LEAD_TEXT_LENGTH, MAX_NOTES_LENGTH } from '#domain/sales/lead-columns.ts';
import { MAX_LEAD_SEARCH_LENGTH } from '#domain/sales/lead-filter.ts';
import { LEAD_TRANSITIONS } from '#domain/sales/lead-status.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import * as resolvers from '#resolvers/leads.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { CallEligibility } from './call-eligibility.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { User } from './users.ts';

const next = (status: keyof typeof LEAD_TRANSITIONS) => `Can change to ${LEAD_TRANSITIONS[status].join(', ')}.`;

const LeadStatus = builder.enumType('LeadStatus', {
  description: 'The sales status of a lead.',
  values: {
    NEW: { description: `The lead has not been reached yet. ${next('NEW')}` },
    CONTACTED: { description: `The lead was contacted. ${next('CONTACTED')}` },
    QUALIFIED: { description: `The lead is qualified: it has the need and the means. ${next('QUALIFIED')}` },
    MEETING_BOOKED: { description: `A meeting is booked. ${next('MEETING_BOOKED')}` },
    WON: { description: `The lead was won: it has bought. ${next('WON')}` },
    LOST: { description: `The lead was lost: it will not buy. ${next('LOST')}` },
    DO_NOT_CALL: {
      description:
        'The owner of the number asked not to be called. The status survives imports, changes, and deletion of the lead; only an ADMIN can lift it, with `liftDoNotCall`.',
    },
  },
});

export const Lead = builder.prismaObject('Lead', {
  description: 'A potential customer, identified by a phone number.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the lead; it never changes.', resolve: idOf('Lead') }),
    owner: t.field({ type: User, description: 'The user who owns the lead.', resolve: resolvers.owner }),
    name: t.exposeString('name', { description: 'The name of the lead.' }),
    phone: t.exposeString('phone', {
      description: 'The phone number in E.164 format, such as `+972522345678`. Unique among the leads of a user.',
    }),
    country: t.string({
      nullable: true,
      description:
        "The ISO 3166-1 alpha-2 code of the phone number's country, whose holidays and consent rules apply; null for a number without a country.",
      resolve: resolvers.country,
    }),
    email: t.exposeString('email', { nullable: true, description: 'The e-mail address of the lead.' }),
    company: t.exposeString('company', { nullable: true, description: 'The company of the lead.' }),
    language: t.exposeString('language', {
      description: 'The language of the lead as a BCP 47 tag, such as `he`.',
    }),
    timeZone: t.string({
      description:
        "The IANA time zone of the lead: the one that was set, or else the middle one, from west to east, of those of the phone number's prefix. UTC if none is known.",
      resolve: resolvers.timeZone,
    }),
    possibleTimeZones: t.stringList({
      description:
        "All IANA time zones that the lead may be in: the one that was set, or else those of the phone number's prefix, extended to the whole country if numbers there are portable. Calls are made only at times permitted in all of them.",
      resolve: resolvers.possibleTimeZones,
    }),
    status: t.expose('status', { type: LeadStatus, description: 'The sales status of the lead.' }),
    source: t.exposeString('source', { nullable: true, description: 'The source of the lead.' }),
    notes: t.exposeString('notes', { nullable: true, description: 'Notes about the lead.' }),
    tags: t.exposeStringList('tags', {
      description: 'The tags of the lead, in lower case, without duplicates.',
    }),
    consentAt: t.expose('consentAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the lead consented to be called.',
    }),
    consentReference: t.exposeString('consentReference', {
      nullable: true,
      description: 'A reference that proves the consent, such as the number of a form.',
    }),
    registryCheckedAt: t.expose('registryCheckedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        "When the do-not-call registry of the number's country was last checked and did not list the number.",
    }),
    registryReference: t.exposeString('registryReference', {
      nullable: true,
      description: 'A reference that proves the registry check, such as the number of the inquiry.',
    }),
    attempts: t.exposeInt('attempts', { description: 'The number of attempts to call the lead.' }),
    lastAttemptAt: t.expose('lastAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last attempt to call the lead was made.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the lead was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the lead was last changed.' }),
    callEligibility: t.field({
      type: CallEligibility,
      description: 'Whether the lead may be called, with all reasons why not.',
      args: {
        at: t.arg({ type: 'DateTime', description: 'The moment to evaluate. Default: now.' }),
        campaignId: t.arg.id({
          description:
            'The id of a campaign, whose call window and limit of attempts are applied in addition. Errors: NOT_FOUND.',
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
  description: 'Filter for leads. All given conditions must match.',
  fields: (t) => ({
    statuses: t.field({ type: [LeadStatus], description: 'Only leads with one of these statuses.' }),
    tagsAny: t.stringList({ description: 'Only leads that have at least one of these tags.' }),
    search: t.string({
      description: `Only leads whose name, company or phone number contains this text, ignoring case and accents; up to ${MAX_LEAD_SEARCH_LENGTH} characters. Phone numbers match in any common notation, such as 052-234.`,
    }),
    createdAfter: t.field({ type: 'DateTime', description: 'Only leads created at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Only leads created before this moment.' }),
    updatedAfter: t.field({ type: 'DateTime', description: 'Only leads last changed at this moment or later.' }),
    updatedBefore: t.field({ type: 'DateTime', description: 'Only leads last changed before this moment.' }),
    lastAttemptAfter: t.field({
      type: 'DateTime',
      description: 'Only leads whose last attempt to call was made at this moment or later.',
    }),
    lastAttemptBefore: t.field({
      type: 'DateTime',
      description: 'Only leads whose last attempt to call was made before this moment; not those without an attempt.',
    }),
  }),
});

const LeadOrder = builder.enumType('LeadOrder', {
  description: 'The sort order of a list of leads.',
  values: {
    CREATED_DESC: { description: 'By creation time, newest first.' },
    CREATED_ASC: { description: 'By creation time, oldest first.' },
    UPDATED_DESC: { description: 'By the time of the last change, newest first.' },
    NAME_ASC: { description: 'By name in ascending order, ignoring case and accents.' },
    LAST_ATTEMPT_DESC: { description: 'By `lastAttemptAt`, newest first; leads without an attempt come last.' },
    LAST_ATTEMPT_ASC: { description: 'By `lastAttemptAt`, oldest first; leads without an attempt come first.' },
  },
});

builder.queryFields((t) => ({
  lead: t.field({
    type: Lead,
    nullable: true,
    description: 'A lead by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of the lead.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.lead,
  }),
  leads: t.field({
    type: LeadConnection,
    description: "The viewer's leads.",
    args: {
      filter: t.arg({
        type: LeadFilter,
        description: 'Only leads that match this filter. Default: all.',
      }),
      orderBy: t.arg({ type: LeadOrder, defaultValue: 'CREATED_DESC', description: 'The order of the leads.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_CACHED,
    resolve: resolvers.leads,
  }),
}));

const TEXT = `1 to ${MAX_LEAD_TEXT_LENGTH} characters`;
const PHONE =
  "The phone number in any common notation. A number without a country code is read as one of the country of `language`, or of the operator's default country.";
const TAGS = `Tags of the lead: at most ${MAX_TAGS} tags of up to ${MAX_TAG_LENGTH} characters, stored in lower case without duplicates`;

/** What creating and changing a lead have in common; `cleared` says what null does. */
const details = (t: InputFields, cleared: string) => ({
  email: t.string({ description: `The e-mail address of the lead, up to ${MAX_EMAIL_LENGTH} characters${cleared}.` }),
  company: t.string({ description: `The company of the lead, ${TEXT}${cleared}.` }),
  timeZone: t.string({
    description: `The IANA time zone of the lead, such as Asia/Jerusalem. Without one, calls are made only at times permitted in every time zone that the phone number may be in${cleared}.`,
  }),
  source: t.string({ description: `The source of the lead, ${TEXT}${cleared}.` }),
  notes: t.string({
    description: `Notes about the lead, 1 to ${digits(MAX_NOTES_LENGTH)} characters${cleared}.`,
  }),
  consentAt: t.field({
    type: 'DateTime',
    description: `When the lead consented to be called; must be in the past${cleared}.`,
  }),
  consentReference: t.string({ description: `A reference that proves the consent, ${TEXT}${cleared}.` }),
  registryCheckedAt: t.field({
    type: 'DateTime',
    description: `When the do-not-call registry of the number's country was checked and did not list the number; must be in the past${cleared}.`,
  }),
  registryReference: t.string({ description: `A reference that proves the registry check, ${TEXT}${cleared}.` }),
  idempotencyKey: idempotencyKey(t),
});

builder.relayMutationField(
  'createLead',
  {
    description: 'A lead to create.',
    inputFields: (t: InputFields) => ({
      name: t.string({ required: true, description: `The name of the lead, ${TEXT}.` }),
      phone: t.string({ required: true, description: PHONE }),
      language: t.string({
        defaultValue: DEFAULT_LANGUAGE,
        description: 'The language of the lead as a BCP 47 tag, such as he or en-GB.',
      }),
      tags: t.stringList({ defaultValue: [], description: `${TAGS}.` }),
      ...details(t, ''),
    }),
  },
  {
    description:
      'Creates a lead. Its status is NEW, or DO_NOT_CALL if the owner of the number has asked not to be called. Errors: CONFLICT (another lead has this number; its id is `leadId`), NOT_FOUND (a retry after the lead was deleted), IDEMPOTENCY_CONFLICT.',
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
    description: 'Changes to a lead; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      leadId: t.id({ required: true, description: 'The id of the lead to change.' }),
      name: t.string({ description: `The name of the lead, ${TEXT}.` }),
      phone: t.string({ description: PHONE }),
      language: t.string({ description: 'The language of the lead as a BCP 47 tag, such as he or en-GB.' }),
      status: t.field({
        type: LeadStatus,
        description: 'The new sales status: one that the present status can change to.',
      }),
      tags: t.stringList({ description: `${TAGS}. They replace all stored tags.` }),
      ...details(t, '; null removes it'),
    }),
  },
  {
    description:
      'Changes a lead. Errors: NOT_FOUND, CONFLICT (the status change is not allowed, `allowed` lists those that are; or another lead has this number, its id is `leadId`), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateLead,
  },
  {
    description: 'The lead that was changed.',
    outputFields: (t) => ({
      lead: t.expose('lead', { type: Lead, description: 'The lead after the change.' }),
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
      'Deletes a lead with its meetings, calls and their conversations. A call in progress is ended. If the number is on the do-not-call list, it stays there, as a keyed hash. Errors: NOT_FOUND, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.deleteLead,
  },
  {
    description: 'The lead that was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the lead that was deleted.' }),
    }),
  },
);

builder.relayMutationField(
  'liftDoNotCall',
  {
    description: 'The phone number to allow calls to, and the reason.',
    inputFields: (t: InputFields) => ({
      userId: t.id({ required: true, description: 'The id of the user whose do-not-call entry is lifted.' }),
      phone: t.string({
        required: true,
        description: 'The phone number with its country code, such as +972522345678.',
      }),
      reason: t.string({
        required: true,
        description: `The reason, for the audit log, 1 to ${digits(MAX_REASON_LENGTH)} characters.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      "Removes a phone number from a user's do-not-call list, and sets the status of the lead with this number to NEW. Requires scope ADMIN. Errors: NOT_FOUND (the number is not on the list), IDEMPOTENCY_CONFLICT.",
    authScopes: { admin: true },
    resolve: resolvers.liftDoNotCall,
  },
  {
    description: 'The phone number that may be called again.',
    outputFields: (t) => ({
      phone: t.exposeString('phone', { description: 'The phone number as given in the input.' }),
    }),
  },
);
