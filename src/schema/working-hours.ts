import type { WorkingHours as Hours } from '#domain/sales/meetings/working-hours.ts';
import { builder } from './builder.ts';

export const WorkingHours = builder.objectRef<Hours>('WorkingHours').implement({
  description: 'The days and hours at which a user is available for meetings.',
  fields: (t) => ({
    start: t.exposeString('start', {
      description: 'The earliest time of day at which a meeting may begin, such as `09:00`.',
    }),
    end: t.exposeString('end', {
      description: 'The latest time of day at which a meeting may end, such as `18:00`; `24:00` is midnight.',
    }),
    days: t.exposeIntList('days', {
      description: 'The ISO weekdays of meetings, from 1 (Monday) to 7 (Sunday).',
    }),
    timeZone: t.exposeString('timeZone', {
      nullable: true,
      description: 'The IANA time zone of the hours; null if they are in the local time of each lead.',
    }),
  }),
});

export const WorkingHoursInput = builder.inputType('WorkingHoursInput', {
  description: 'The days and hours at which a user is available for meetings.',
  fields: (t) => ({
    start: t.string({
      required: true,
      description: 'The earliest time of day at which a meeting may begin, such as 09:00.',
    }),
    end: t.string({
      required: true,
      description: 'The latest time of day at which a meeting may end, such as 18:00; 24:00 is midnight.',
    }),
    days: t.intList({
      required: true,
      description: 'The ISO weekdays of meetings, from 1 (Monday) to 7 (Sunday); at least one.',
    }),
    timeZone: t.string({
      description: 'The IANA time zone of the hours, such as Asia/Jerusalem. Default: the local time of each lead.',
    }),
  }),
});
