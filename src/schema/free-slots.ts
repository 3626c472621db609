import { MAX_SLOT_DAYS, type FreeSlot as Slot } from '#domain/sales/meetings/free-slots.ts';
import { DEFAULT_DURATION_MINUTES, DURATION } from '#domain/sales/meetings/meetings.ts';
import * as resolvers from '#resolvers/meetings.ts';
import { builder } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { digits } from './inputs.ts';

const FreeSlot = builder.objectRef<Slot>('FreeSlot').implement({
  description: 'A time that is free for a meeting.',
  fields: (t) => ({
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When the meeting would begin.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When the meeting would end.' }),
  }),
});

builder.queryField('freeSlots', (t) =>
  t.field({
    type: [FreeSlot],
    description:
      "Every time at which the viewer is free for a meeting, earliest first, on the hour and the half hour: within the viewer's working hours, without another meeting, and by the rules by which the agent offers times. With a lead, also within the hours in which the lead may be called, where the two have hours in common. None in the past. Slots overlap if the duration is longer than half an hour. Errors: NOT_FOUND (the lead), UNAVAILABLE.",
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'The earliest beginning.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: `The latest end; at most ${MAX_SLOT_DAYS} days after \`from\`.`,
      }),
      leadId: t.arg.id({
        description:
          'The id of the lead to meet. Required unless the working hours of the viewer have a time zone, because without one they are by the clock of the lead.',
      }),
      durationMinutes: t.arg.int({
        defaultValue: DEFAULT_DURATION_MINUTES,
        description: `The duration of the meeting in minutes, ${DURATION.min} to ${digits(DURATION.max)}.`,
      }),
    },
    complexity: { field: 50, multiplier: 1 },
    extensions: NOT_CACHED,
    resolve: resolvers.freeSlots,
  }),
);
