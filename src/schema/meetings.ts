import {
  DEFAULT_DURATION_MINUTES,
  DURATION,
  MAX_MEETING_NOTES_LENGTH,
  MAX_MEETING_TEXT_LENGTH,
} from '#domain/sales/meetings/meetings.ts';
import * as resolvers from '#resolvers/meetings.ts';
import { builder, idOf, Node, pageCost } from './builder.ts';
import { NOT_KEPT } from './caching.ts';
import { connectionType, payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { Lead } from './leads.ts';
import { User } from './users.ts';

const MeetingStatus = builder.enumType('MeetingStatus', {
  description: 'What became of a meeting.',
  values: {
    SCHEDULED: { description: 'The meeting is to be held: no two such meetings of one user overlap.' },
    CANCELLED: { description: 'The meeting was called off, and its time is free again.' },
    COMPLETED: { description: 'The meeting was held.' },
  },
});

export const Meeting = builder.prismaObject('Meeting', {
  description: 'A meeting with a lead.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the meeting; it never changes.', resolve: idOf('Meeting') }),
    owner: t.field({ type: User, description: 'The user whose meeting it is.', resolve: resolvers.owner }),
    lead: t.field({ type: Lead, description: 'Whom the meeting is with.', resolve: resolvers.lead }),
    title: t.exposeString('title', { description: 'What the meeting is called.' }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When the meeting begins.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When the meeting ends.' }),
    timeZone: t.exposeString('timeZone', { description: 'The IANA zone in which the meeting was agreed on.' }),
    location: t.exposeString('location', {
      nullable: true,
      description: 'Where the meeting is: a place, or the address of a video call.',
    }),
    notes: t.exposeString('notes', { nullable: true, description: 'What is worth knowing before the meeting.' }),
    status: t.expose('status', { type: MeetingStatus, description: 'What became of the meeting.' }),
    ics: t.string({
      description:
        'The invitation as an iCalendar file (RFC 5545), with times in UTC: of a cancelled meeting, what takes it out of calendars again.',
      complexity: 5,
      resolve: resolvers.ics,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the meeting was booked.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the meeting was last changed.' }),
  }),
});

const MeetingConnection = connectionType(Meeting, 'Meeting', 'meetings');

builder.queryFields((t) => ({
  meeting: t.field({
    type: Meeting,
    nullable: true,
    description: "A meeting by id; null where it is missing or somebody else's.",
    args: { id: t.arg.id({ required: true, description: 'The `id` of the meeting.' }) },
    extensions: NOT_KEPT,
    resolve: resolvers.meeting,
  }),
  meetings: t.field({
    type: MeetingConnection,
    description: "The viewer's meetings, the earliest first.",
    args: {
      from: t.arg({ type: 'DateTime', description: 'Only meetings that end after this moment.' }),
      to: t.arg({ type: 'DateTime', description: 'Only meetings that begin before this moment.' }),
      statuses: t.arg({ type: [MeetingStatus], description: 'Only meetings that have one of these statuses.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.meetings,
  }),
}));

builder.objectField(Lead, 'meetings', (t) =>
  t.field({
    type: MeetingConnection,
    description: 'The meetings with the lead, the earliest first.',
    args: t.arg.connectionArgs(),
    complexity: pageCost,
    resolve: resolvers.ofLead,
  }),
);

const TEXT = `1 to ${MAX_MEETING_TEXT_LENGTH} characters`;

const details = (t: InputFields, cleared: string) => ({
  title: t.string({ description: `What the meeting is called, ${TEXT}.` }),
  timeZone: t.string({ description: 'The IANA zone in which the meeting is agreed on, such as Asia/Jerusalem.' }),
  location: t.string({ description: `Where the meeting is, ${TEXT}${cleared}.` }),
  notes: t.string({
    description: `What is worth knowing before the meeting, 1 to ${digits(MAX_MEETING_NOTES_LENGTH)} characters${cleared}.`,
  }),
  idempotencyKey: idempotencyKey(t),
});

const MINUTES = `How long the meeting takes, in minutes: ${DURATION.min} to ${digits(DURATION.max)}.`;
const TAKEN = 'SLOT_TAKEN (another meeting is at that time: `freeTimes` has the next three that are free)';

builder.relayMutationField(
  'bookMeeting',
  {
    description: 'A meeting to book.',
    inputFields: (t: InputFields) => ({
      leadId: t.id({ required: true, description: 'The id of the lead to meet.' }),
      startsAt: t.field({ type: 'DateTime', required: true, description: 'When the meeting begins, in the future.' }),
      durationMinutes: t.int({ defaultValue: DEFAULT_DURATION_MINUTES, description: MINUTES }),
      ...details(t, ''),
    }),
  },
  {
    description: `Books a meeting with a lead, who becomes MEETING_BOOKED where the status can. Errors: NOT_FOUND, ${TAKEN}, IDEMPOTENCY_CONFLICT.`,
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
    description: 'What to change of a meeting; what is left out stays as it is.',
    inputFields: (t: InputFields) => ({
      meetingId: t.id({ required: true, description: 'The id of the meeting to change.' }),
      startsAt: t.field({ type: 'DateTime', description: 'When the meeting begins, in the future.' }),
      durationMinutes: t.int({ description: MINUTES }),
      status: t.field({
        type: MeetingStatus,
        description: 'COMPLETED, where a meeting that has begun was held; `cancelMeeting` cancels one.',
      }),
      ...details(t, '; null clears it'),
    }),
  },
  {
    description: `Changes a meeting that is SCHEDULED; calendars know it by the same UID, with a greater SEQUENCE. Errors: NOT_FOUND, CONFLICT (it is not scheduled any more, or has not begun), ${TAKEN}, IDEMPOTENCY_CONFLICT.`,
    resolve: resolvers.updateMeeting,
  },
  {
    description: 'The meeting that was changed.',
    outputFields: (t) => ({
      meeting: t.expose('meeting', { type: Meeting, description: 'The meeting as it is now.' }),
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
      'Cancels a meeting, also one that is cancelled already. A lead whose last meeting it was is QUALIFIED again. Errors: NOT_FOUND, CONFLICT (it was held), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.cancelMeeting,
  },
  {
    description: 'The meeting that was cancelled.',
    outputFields: (t) => ({
      meeting: t.expose('meeting', { type: Meeting, description: 'The meeting as it is now.' }),
      meetingEdge: payloadEdge(t, MeetingConnection.edge, 'meetings', resolvers.meetingEdge),
    }),
  },
);
