import type { WorkingHours as Hours } from '#domain/sales/meetings/working-hours.ts';
import { builder } from './builder.ts';

export const WorkingHours = builder.objectRef<Hours>('WorkingHours').implement({
  description: 'When a user holds meetings.',
  fields: (t) => ({
    start: t.exposeString('start', { description: 'When the first meeting of a day may begin, such as `09:00`.' }),
    end: t.exposeString('end', { description: 'When the last meeting of a day has ended, such as `18:00`.' }),
    days: t.exposeIntList('days', {
      description: 'ISO weekdays on which meetings are held, 1 for Monday to 7 for Sunday.',
    }),
    timeZone: t.exposeString('timeZone', {
      nullable: true,
      description: "The IANA zone of the user's clock; null where the hours are by the clock of each lead.",
    }),
  }),
});

export const WorkingHoursInput = builder.inputType('WorkingHoursInput', {
  description: 'When a user holds meetings.',
  fields: (t) => ({
    start: t.string({ required: true, description: 'When the first meeting of a day may begin, such as 09:00.' }),
    end: t.string({ required: true, description: 'When the last meeting of a day has ended, such as 18:00.' }),
    days: t.intList({ required: true, description: 'ISO weekdays, 1 for Monday to 7 for Sunday: at least one.' }),
    timeZone: t.string({
      description:
        "The IANA zone of the user's clock, such as Asia/Jerusalem; without one, the hours are by the clock of each lead.",
    }),
  }),
});
