import {
  DEFAULT_DURATION_MINUTES,
  DURATION,
  MAX_MEETING_NOTES_LENGTH,
  MAX_MEETING_TEXT_LENGTH,
} from '#domain/sales/meetings/meetings.ts';
import * as resolvers from '#resolvers/meetings.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { Lead } from './leads.ts';
import { User } from './users.ts';

const MeetingStatus = builder.enumType('MeetingStatus', {
  description: 'The status of a meeting.',
  values: {
    SCHEDULED: { description: 'The meeting is planned. No two SCHEDULED meetings of one user overlap.' },
    CANCELLED: { description: 'The meeting was cancelled, and its time is free again.' },
    COMPLETED: { description: 'The meeting is over; `outcome` says whether it was held.' },
  },
});

export const Meeting = builder.prismaObject('Meeting', {
  description: 'A meeting with a lead.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the meeting; it never changes.', resolve: idOf('Meeting') }),
    owner: t.field({ type: User, description: 'The user who owns the meeting.', resolve: resolvers.owner }),
    lead: t.field({ type: Lead, description: 'The lead that the meeting is with.', resolve: resolvers.lead }),
    title: t.exposeString('title', { description: 'The title of the meeting.' }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When the meeting begins.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When the meeting ends.' }),
    timeZone: t.exposeString('timeZone', { description: 'The IANA time zone of the meeting.' }),
    location: t.exposeString('location', {
      nullable: true,
      description: 'The location of the meeting: a place, or the URL of a video call.',
    }),
    notes: t.exposeString('notes', { nullable: true, description: 'Notes about the meeting.' }),
    status: t.expose('status', { type: MeetingStatus, description: 'The status of the meeting.' }),
    ics: t.string({
      description:
        'The invitation as the content of an iCalendar file (RFC 5545), with times in UTC. For a cancelled meeting, the cancellation that removes it from calendars.',
      complexity: 5,
      resolve: resolvers.ics,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the meeting was booked.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the meeting was last changed.' }),
  }),
});

export const MeetingConnection = connectionType(Meeting, 'Meeting', 'meetings');

builder.queryFields((t) => ({
  meeting: t.field({
    type: Meeting,
    nullable: true,
    description: 'A meeting by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of the meeting.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.meeting,
  }),
  meetings: t.field({
    type: MeetingConnection,
    description: "The viewer's meetings, earliest first.",
    args: {
      from: t.arg({ type: 'DateTime', description: 'Only meetings that end after this moment.' }),
      to: t.arg({ type: 'DateTime', description: 'Only meetings that begin before this moment.' }),
      statuses: t.arg({ type: [MeetingStatus], description: 'Only meetings with one of these statuses.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_CACHED,
    resolve: resolvers.meetings,
  }),
}));

builder.objectField(Lead, 'meetings', (t) =>
  t.field({
    type: MeetingConnection,
    description: 'The meetings with the lead, earliest first.',
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    resolve: resolvers.ofLead,
  }),
);

const TEXT = `1 to ${MAX_MEETING_TEXT_LENGTH} characters`;

const details = (t: InputFields, cleared: string) => ({
  title: t.string({ description: `The title of the meeting, ${TEXT}.` }),
  timeZone: t.string({ description: 'The IANA time zone of the meeting, such as Asia/Jerusalem.' }),
  location: t.string({ description: `The location of the meeting, ${TEXT}${cleared}.` }),
  notes: t.string({
    description: `Notes about the meeting, 1 to ${digits(MAX_MEETING_NOTES_LENGTH)} characters${cleared}.`,
  }),
  idempotencyKey: idempotencyKey(t),
});

const MINUTES = `The duration of the meeting in minutes, ${DURATION.min} to ${digits(DURATION.max)}.`;
const TAKEN = 'SLOT_TAKEN (it overlaps another meeting; `freeTimes` has the next three free times)';

builder.relayMutationField(
  'bookMeeting',
  {
    description: 'A meeting to book.',
    inputFields: (t: InputFields) => ({
      leadId: t.id({ required: true, description: 'The id of the lead to meet.' }),
      startsAt: t.field({
        type: 'DateTime',
        required: true,
        description: 'When the meeting begins; must be in the future.',
      }),
      durationMinutes: t.int({ defaultValue: DEFAULT_DURATION_MINUTES, description: MINUTES }),
      ...details(t, ''),
    }),
  },
  {
    description: `Books a meeting with a lead, and sets the lead's status to MEETING_BOOKED if its present status allows. Errors: NOT_FOUND, ${TAKEN}, IDEMPOTENCY_CONFLICT.`,
    resolve: resolvers.bookMeeting,
  },
  {
    description: 'The meeting that was booked.',
    outputFields: (t) => ({
      meeting: t.expose('meeting', { type: Meeting, description: 'The new meeting.' }),
      meetingEdge: payloadEdge(t, MeetingConnection.edge, 'meetings', resolvers.meetingEdge),
    }),
  },
);

builder.relayMutationField(
  'updateMeeting',
  {
    description: 'Changes to a meeting; omitted fields stay unchanged.',
    inputFields: (t: InputFields) => ({
      meetingId: t.id({ required: true, description: 'The id of the meeting to change.' }),
      startsAt: t.field({ type: 'DateTime', description: 'When the meeting begins; must be in the future.' }),
      durationMinutes: t.int({ description: MINUTES }),
      status: t.field({
        type: MeetingStatus,
        description:
          'Only COMPLETED, for a meeting that has begun and was held: the same as the outcome HELD of `setMeetingOutcome`. Use `cancelMeeting` to cancel a meeting.',
      }),
      ...details(t, '; null removes it'),
    }),
  },
  {
    description: `Changes a SCHEDULED meeting. Its iCalendar file keeps its UID and gets a greater SEQUENCE. Errors: NOT_FOUND, CONFLICT (the meeting is not SCHEDULED, or is to be COMPLETED before it has begun), ${TAKEN}, IDEMPOTENCY_CONFLICT.`,
    resolve: resolvers.updateMeeting,
  },
  {
    description: 'The meeting that was changed.',
    outputFields: (t) => ({
      meeting: t.expose('meeting', { type: Meeting, description: 'The meeting after the change.' }),
      meetingEdge: payloadEdge(t, MeetingConnection.edge, 'meetings', resolvers.meetingEdge),
    }),
  },
);

builder.relayMutationField(
  'cancelMeeting',
  {
    description: 'The meeting to cancel.',
    inputFields: (t: InputFields) => ({
      meetingId: t.id({ required: true, description: 'The id of the meeting to cancel.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Cancels a meeting; no effect if it is already cancelled. If the lead has no other meeting, its status returns to QUALIFIED. Errors: NOT_FOUND, CONFLICT (the meeting is COMPLETED), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.cancelMeeting,
  },
  {
    description: 'The meeting that was cancelled.',
    outputFields: (t) => ({
      meeting: t.expose('meeting', { type: Meeting, description: 'The meeting after the change.' }),
      meetingEdge: payloadEdge(t, MeetingConnection.edge, 'meetings', resolvers.meetingEdge),
    }),
  },
);
