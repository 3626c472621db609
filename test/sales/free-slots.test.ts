import { describe, expect, it } from 'vitest';
import type { FreeSlotsQueryVariables } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import { newPhone } from '../support/fixtures.ts';
import { BookMeeting, CreateLead, FreeSlots, SetWorkingHours } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

/** A Tuesday that is two to three weeks ahead, whenever this runs. */
const TUESDAY = (() => {
  const day = new Date(Date.now() + 14 * 86_400_000);
  day.setUTCDate(day.getUTCDate() + ((2 - day.getUTCDay() + 7) % 7));
  return day.toISOString().slice(0, 10);
})();
const at = (time: string, days = 0) => new Date(Date.parse(`${TUESDAY}T${time}Z`) + days * 86_400_000).toISOString();
const UTC_HOURS = { start: '09:00', end: '12:00', days: [1, 2, 3, 4, 5], timeZone: 'UTC' };

describe.each(['postgres', 'embedded'] as const)('the free times on the %s database', (on) => {
  const rules = { RESPECT_SHABBAT: 'false', CALL_WINDOW_START: '00:00', CALL_WINDOW_END: '23:59', HOLIDAY_TYPES: ',' };
  const app = useParley({ on, env: rules });

  const slots = async (owner: Client, variables: FreeSlotsQueryVariables) =>
    (await owner.ask(FreeSlots, variables)).freeSlots.map(({ startsAt }) => startsAt);
  const makeLead = async (owner: Client, timeZone: string) =>
    (await owner.ask(CreateLead, { input: { name: 'דנה', phone: newPhone(), timeZone } })).createLead?.lead
      .id as string;
  const errorOf = async (owner: Client, variables: FreeSlotsQueryVariables) =>
    (await owner.send(FreeSlots, variables)).errors?.[0]?.extensions;

  it.each([
    ['Asia/Kathmandu', ['03:15', '03:45', '04:15', '04:45', '05:15', '05:45']],
    ['Asia/Kolkata', ['03:30', '04:00', '04:30', '05:00', '05:30', '06:00']],
  ])('begin on the hour or half hour by the clock of %s', async (timeZone, times) => {
    const ann = await app.user();
    await ann.ask(SetWorkingHours, { hours: { ...UTC_HOURS, timeZone } });
    const expected = times.map((time) => at(time));
    expect(await slots(ann, { from: at('00:00'), to: at('00:00', 1) })).toEqual(expected);
  });

  it('go on through midnight where the working hours end at 24:00', async () => {
    const ann = await app.user();
    const hours = { start: '00:00', end: '24:00', days: [2, 3], timeZone: 'UTC' };
    expect((await ann.ask(SetWorkingHours, { hours })).updateViewer?.viewer.workingHours).toEqual(hours);
    const hour = { from: at('22:30'), to: at('01:30', 1), durationMinutes: 60 };
    expect(await slots(ann, hour)).toEqual([at('22:30'), at('23:00'), at('23:30'), at('00:00', 1), at('00:30', 1)]);
    expect(await slots(ann, { from: at('23:00', 1), to: at('02:00', 2) })).toEqual([at('23:00', 1), at('23:30', 1)]);
    for (const wrong of [{ start: '24:00' }, { end: '24:01' }, { end: '00:00' }, { end: '25:00' }]) {
      const { errors } = await ann.send(SetWorkingHours, { hours: { ...hours, ...wrong } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });

  it('are within the working hours, without a meeting, and as long as is asked for', async () => {
    const ann = await app.user();
    await ann.ask(SetWorkingHours, { hours: UTC_HOURS });
    const day = { from: at('00:00'), to: at('00:00', 1) };
    const all = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30'].map((time) => at(time));
    expect(await slots(ann, day)).toEqual(all);
    const leadId = await makeLead(ann, 'UTC');
    await ann.ask(BookMeeting, { input: { leadId, startsAt: at('10:00'), durationMinutes: 45 } });
    expect(await slots(ann, day)).toEqual([at('09:00'), at('09:30'), at('11:00'), at('11:30')]);
    const hour = await ann.ask(FreeSlots, { ...day, durationMinutes: 60, leadId });
    expect(hour.freeSlots).toEqual([
      { startsAt: at('09:00'), endsAt: at('10:00') },
      { startsAt: at('11:00'), endsAt: at('12:00') },
    ]);
    expect(await slots(ann, { from: at('09:10'), to: at('11:40') })).toEqual([at('09:30'), at('11:00')]);
    expect(await slots(ann, { from: at('00:00', 4), to: at('00:00', 6) })).toEqual([]);
    expect(await slots(ann, { from: at('00:00'), to: at('00:00', 31) })).toHaveLength(4 + 22 * 6);
  });

  it('are by the clock of the lead where the owner has none, and none is in the past', async () => {
    const ann = await app.user();
    const day = { from: at('00:00'), to: at('00:00', 1) };
    await ann.ask(SetWorkingHours, { hours: { ...UTC_HOURS, timeZone: null } });
    expect(await slots(ann, { ...day, leadId: await makeLead(ann, 'Asia/Tokyo') })).toEqual(
      ['00:00', '00:30', '01:00', '01:30', '02:00', '02:30'].map((time) => at(time)),
    );
    expect(await errorOf(ann, day)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'leadId' });
    await ann.ask(SetWorkingHours, { hours: { ...UTC_HOURS, days: [1, 2, 3, 4, 5, 6, 7] } });
    const soon = await slots(ann, { from: new Date(Date.now() - 86_400_000).toISOString(), to: at('00:00', -7) });
    for (const time of soon) expect(Date.parse(time)).toBeGreaterThan(Date.now());
  });

  it('are of a time that can be searched, and with a lead of the viewer', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await ann.ask(SetWorkingHours, { hours: UTC_HOURS });
    for (const [variables, field] of [
      [{ from: at('10:00'), to: at('10:00') }, 'to'],
      [{ from: at('10:00'), to: at('10:01', 31) }, 'to'],
      [{ from: at('10:00'), to: at('12:00'), durationMinutes: 4 }, 'durationMinutes'],
    ] as const)
      expect(await errorOf(ann, variables)).toMatchObject({ code: 'BAD_USER_INPUT', field });
    const leadId = await makeLead(bob, 'UTC');
    expect(await errorOf(ann, { from: at('10:00'), to: at('12:00'), leadId })).toMatchObject({ code: 'NOT_FOUND' });
  });
});
