import type { CallWindow as Window } from '#domain/sales/eligibility/zone-calendar.ts';
import { builder } from './builder.ts';

const WINDOW = {
  start: 'The start of the window in local time, such as `09:00`.',
  end: 'The end of the window in local time, such as `18:00`; `24:00` is midnight.',
  days: 'The ISO weekdays on which leads may be called, from 1 (Monday) to 7 (Sunday).',
  respectShabbat:
    "Whether no calls are made on Shabbat and Jewish holidays and their eves, by sunset and nightfall at the lead's location.",
};

export const CallWindow = builder.objectRef<Window>('CallWindow').implement({
  description:
    "The days and hours at which leads may be called, in each lead's local time. The operator's limits apply in addition.",
  fields: (t) => ({
    start: t.exposeString('start', { description: WINDOW.start }),
    end: t.exposeString('end', { description: WINDOW.end }),
    days: t.intList({ description: WINDOW.days, resolve: ({ days }) => [...days] }),
    respectShabbat: t.exposeBoolean('respectShabbat', { description: WINDOW.respectShabbat }),
  }),
});

export const CallWindowInput = builder.inputType('CallWindowInput', {
  description:
    "The days and hours at which leads may be called, in each lead's local time. The operator's limits apply in addition.",
  fields: (t) => ({
    start: t.string({ required: true, defaultValue: '09:00', description: WINDOW.start }),
    end: t.string({ required: true, defaultValue: '18:00', description: WINDOW.end }),
    days: t.intList({ required: true, defaultValue: [7, 1, 2, 3, 4], description: WINDOW.days }),
    respectShabbat: t.boolean({ required: true, defaultValue: true, description: WINDOW.respectShabbat }),
  }),
});
