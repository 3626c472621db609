import type { CallWindow as Window } from '#domain/sales/eligibility/zone-calendar.ts';
import { builder } from './builder.ts';

const WINDOW = {
  start: 'The time of day from which leads are called, such as `09:00`.',
  end: 'The time of day until which leads are called, such as `18:00`.',
  days: 'The ISO weekdays on which leads are called, 1 for Monday to 7 for Sunday.',
  respectShabbat: 'Whether nobody is called on Shabbat and the feasts, by the sun at the lead, and on their eves.',
};

export const CallWindow = builder.objectRef<Window>('CallWindow').implement({
  description: "When leads may be called, by each lead's own clock; never outside what the operator allows.",
  fields: (t) => ({
    start: t.exposeString('start', { description: WINDOW.start }),
    end: t.exposeString('end', { description: WINDOW.end }),
    days: t.intList({ description: WINDOW.days, resolve: ({ days }) => [...days] }),
    respectShabbat: t.exposeBoolean('respectShabbat', { description: WINDOW.respectShabbat }),
  }),
});

export const CallWindowInput = builder.inputType('CallWindowInput', {
  description: "When leads may be called, by each lead's own clock. What the operator does not allow stays closed.",
  fields: (t) => ({
    start: t.string({ required: true, defaultValue: '09:00', description: WINDOW.start }),
    end: t.string({ required: true, defaultValue: '18:00', description: WINDOW.end }),
    days: t.intList({ required: true, defaultValue: [7, 1, 2, 3, 4], description: WINDOW.days }),
    respectShabbat: t.boolean({ required: true, defaultValue: true, description: WINDOW.respectShabbat }),
  }),
});
