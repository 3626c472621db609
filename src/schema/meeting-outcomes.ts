import * as resolvers from '#resolvers/meetings.ts';
import { builder } from './builder.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Meeting, MeetingConnection } from './meetings.ts';

const MeetingOutcome = builder.enumType('MeetingOutcome', {
  description: 'What became of a meeting.',
  values: {
    HELD: { description: 'The meeting was held.' },
    NO_SHOW: { description: 'The lead did not come.' },
  },
});

builder.objectField(Meeting, 'outcome', (t) =>
  t.expose('outcome', {
    type: MeetingOutcome,
    nullable: true,
    description: 'What became of the meeting; null unless its status is COMPLETED.',
  }),
);

builder.relayMutationField(
  'setMeetingOutcome',
  {
    description: 'What became of a meeting.',
    inputFields: (t: InputFields) => ({
      meetingId: t.id({ required: true, description: 'The id of the meeting.' }),
      outcome: t.field({ type: MeetingOutcome, required: true, description: 'Whether the meeting was held.' }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Records whether a meeting that has begun was held; its status becomes COMPLETED. Can be corrected later. After a NO_SHOW, the status of the lead returns to QUALIFIED if it has no other meeting. Errors: NOT_FOUND, CONFLICT (the meeting has not begun, or is CANCELLED), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.setMeetingOutcome,
  },
  {
    description: 'The meeting whose outcome was set.',
    outputFields: (t) => ({
      meeting: t.expose('meeting', { type: Meeting, description: 'The meeting after the change.' }),
      meetingEdge: payloadEdge(t, MeetingConnection.edge, 'meetings', resolvers.meetingEdge),
    }),
  },
);
