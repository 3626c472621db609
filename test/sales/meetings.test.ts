import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeLead, newPhone } from '../support/fixtures.ts';
import {
  BookMeeting,
  CancelMeeting,
  CreateLead,
  DeleteLead,
  Meetings,
  SetWorkingHours,
  UpdateLead,
  UpdateMeeting,
} from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

type Json = any;

/** The same day of the week as 2026-12-01, a Tuesday, in a week that is still to come, whenever this runs. */
const WEEKS_AHEAD = Math.ceil((Date.now() + 14 * 86_400_000 - Date.parse('2026-12-01')) / (7 * 86_400_000));
const onDay = (date: string, time: string) =>
  new Date(Date.parse(`${date}T${time}Z`) + Math.max(0, WEEKS_AHEAD) * 7 * 86_400_000).toISOString();
/** On a Tuesday. */
const at = (time: string) => onDay('2026-12-01', time);

const UTC_HOURS = { start: '09:00', end: '17:00', days: [1, 2, 3, 4, 5], timeZone: 'UTC' };

/** On PostgreSQL, with many sessions, and on the embedded database, with one; on servers whose clocks are elsewhere. */
describe.each([
  ['postgres', 'America/Los_Angeles'],
  ['embedded', 'UTC'],
] as const)('meetings on %s, in %s', (on, TZ) => {
  const rules = { RESPECT_SHABBAT: 'false', CALL_WINDOW_START: '00:00', CALL_WINDOW_END: '23:59' };
  const app = useParley({ on, env: { ...rules, TZ } });

  const book = async (owner: Client, input: Json) =>
    (await owner.ask(BookMeeting, { input })).bookMeeting?.meeting as Json;
  /** A lead of no country with holidays of its own between the tests' days. */
  const leadIn = async (owner: Client, timeZone = 'UTC', more: Json = {}) => {
    const { createLead } = await owner.ask(CreateLead, {
      input: { name: 'דנה לוי', phone: newPhone(), timeZone, ...more },
    });
    return createLead?.lead.id as string;
  };

  it('are booked, listed by time, moved and cancelled; the lead follows', async () => {
    const ann = await app.user();
    const leadId = await leadIn(ann, 'Asia/Jerusalem', { language: 'he' });
    const first = await book(ann, { leadId, startsAt: at('10:00') });
    expect(first).toMatchObject({
      title: 'פגישה עם דנה לוי',
      startsAt: at('10:00'),
      endsAt: at('10:30'),
      timeZone: 'Asia/Jerusalem',
      status: 'SCHEDULED',
      lead: { id: leadId, status: 'MEETING_BOOKED' },
    });
    const second = await book(ann, { leadId, startsAt: at('09:00'), durationMinutes: 60, title: 'Earlier' });
    const { meetings } = await ann.ask(Meetings, { from: at('09:30'), to: at('10:15') });
    expect(meetings.edges.map(({ node }) => node.id)).toEqual([second.id, first.id]);
    expect(
      (await ann.ask(Meetings, { from: at('10:00'), to: at('10:15') })).meetings.edges.map(({ node }) => node.id),
    ).toEqual([first.id]);
    const { updateMeeting } = await ann.ask(UpdateMeeting, { input: { meetingId: first.id, startsAt: at('12:00') } });
    expect(updateMeeting?.meeting).toMatchObject({ startsAt: at('12:00'), endsAt: at('12:30') });
    const cancelled = (await ann.ask(CancelMeeting, { id: first.id })).cancelMeeting?.meeting;
    expect(cancelled).toMatchObject({ status: 'CANCELLED', lead: { status: 'MEETING_BOOKED' } });
    expect((await ann.ask(CancelMeeting, { id: second.id })).cancelMeeting?.meeting.lead.status).toBe('QUALIFIED');
    const scheduled = await ann.ask(Meetings, { statuses: ['SCHEDULED'] });
    expect(scheduled.meetings.totalCount).toBe(0);
    const again = await ann.send(UpdateMeeting, { input: { meetingId: first.id, title: 'Again' } });
    expect(again.errors).toMatchObject([{ extensions: { code: 'CONFLICT', status: 'CANCELLED' } }]);
  });

  it('of one owner never overlap; those of others may, and those that touch', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const leadId = await leadIn(ann);
    await ann.ask(SetWorkingHours, { hours: UTC_HOURS });
    const first = await book(ann, { leadId, startsAt: at('10:00'), durationMinutes: 60 });
    await book(ann, { leadId, startsAt: at('11:00') });
    await book(bob, { leadId: await makeLead(bob), startsAt: at('10:00') });
    const { errors } = await ann.send(BookMeeting, { input: { leadId, startsAt: at('10:45'), durationMinutes: 10 } });
    expect(errors).toMatchObject([
      { extensions: { code: 'SLOT_TAKEN', freeTimes: [at('11:30'), at('12:00'), at('12:30')] } },
    ]);
    const moved = await ann.send(UpdateMeeting, { input: { meetingId: first.id, startsAt: at('10:30') } });
    // Its own hour from 10:00 on is free for it.
    await book(ann, { leadId, startsAt: at('09:00') });
    const earlier = await ann.send(UpdateMeeting, { input: { meetingId: first.id, startsAt: at('09:00') } });
    expect(earlier.errors).toMatchObject([
      { extensions: { code: 'SLOT_TAKEN', freeTimes: [at('09:30'), at('10:00'), at('11:30')] } },
    ]);
    expect(moved.errors).toMatchObject([{ extensions: { code: 'SLOT_TAKEN' } }]);
    await ann.ask(CancelMeeting, { id: first.id });
    expect(await book(ann, { leadId, startsAt: at('10:45'), durationMinutes: 10 })).toBeDefined();
    // Not even a statement that no check came before.
    if (on === 'embedded') return;
    await expect(
      sql(app.database, `UPDATE meetings SET starts_at = $1, ends_at = $2 WHERE status = 'SCHEDULED'`, [
        at('20:00'),
        at('21:00'),
      ]),
    ).rejects.toThrow('meetings_no_overlap');
  });

  it('are told other times within the working hours, and on working days', async () => {
    const ann = await app.user();
    const leadId = await leadIn(ann);
    await ann.ask(SetWorkingHours, { hours: { ...UTC_HOURS, timeZone: 'Asia/Jerusalem', end: '17:30' } });
    // Friday, 17:00 in Israel: the next working day is Monday.
    const friday = onDay('2026-12-04', '15:00');
    await book(ann, { leadId, startsAt: friday });
    const { errors } = await ann.send(BookMeeting, { input: { leadId, startsAt: friday } });
    const offset =
      Number(new Date(friday).toLocaleString('en', { timeZone: 'Asia/Jerusalem', hour: '2-digit', hour12: false })) -
      15;
    const monday = (minutes: number) =>
      new Date(Date.parse(onDay('2026-12-07', '09:00')) + (minutes - offset * 60) * 60_000).toISOString();
    expect(errors).toMatchObject([{ extensions: { freeTimes: [monday(0), monday(30), monday(60)] } }]);
  });

  it('at one time are booked once, by however many at once, and the others are told times that are free', async () => {
    const ann = await app.user();
    await ann.ask(SetWorkingHours, { hours: UTC_HOURS });
    const leads = await Promise.all(Array.from({ length: 10 }, () => leadIn(ann)));
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        ann.send(BookMeeting, { input: { leadId: leads[index % 10] as string, startsAt: at('13:00') } }),
      ),
    );
    expect(results.filter(({ data }) => data?.bookMeeting)).toHaveLength(1);
    const refused = results.flatMap(({ errors }) => (errors as Json) ?? []);
    expect(refused.map(({ extensions }) => extensions.code)).toEqual(Array(99).fill('SLOT_TAKEN'));
    for (const { extensions } of refused) expect(extensions.freeTimes).toEqual([at('13:30'), at('14:00'), at('14:30')]);
  });

  it('go with their lead, and refuse what makes no sense', async () => {
    const ann = await app.user();
    const leadId = await leadIn(ann);
    const meeting = await book(ann, { leadId, startsAt: at('10:00'), location: 'https://meet.example/1' });
    for (const [field, input] of [
      ['startsAt', { startsAt: '2020-01-01T00:00:00Z' }],
      ['startsAt', { startsAt: '9999-01-01T00:00:00Z' }],
      ['durationMinutes', { startsAt: at('11:00'), durationMinutes: 4 }],
      ['durationMinutes', { startsAt: at('11:00'), durationMinutes: 1_441 }],
      ['timeZone', { startsAt: at('11:00'), timeZone: 'IST' }],
      ['title', { startsAt: at('11:00'), title: ' ' }],
    ] as const) {
      const { errors } = await ann.send(BookMeeting, { input: { leadId, ...input } as never });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: `input.${field}` } }]);
    }
    const early = await ann.send(UpdateMeeting, { input: { meetingId: meeting.id, status: 'COMPLETED' } });
    expect(early.errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    await ann.ask(DeleteLead, { id: leadId });
    expect((await ann.ask(Meetings, {})).meetings.totalCount).toBe(0);
  });

  it('have working hours of their owner, of whom they are nobody else’s', async () => {
    const ann = await app.user();
    const read = '{ viewer { workingHours { start end days timeZone } } }';
    expect((await ann.ask(read)).viewer.workingHours).toEqual({
      start: '00:00',
      end: '23:59',
      days: [7, 1, 2, 3, 4],
      timeZone: null,
    });
    const hours = { start: '08:30', end: '16:00', days: [3, 1, 1], timeZone: 'asia/jerusalem' };
    const set = await ann.ask(SetWorkingHours, { hours });
    const stored = { ...hours, days: [1, 3], timeZone: 'Asia/Jerusalem' };
    expect(set.updateViewer?.viewer.workingHours).toEqual(stored);
    for (const [field, wrong] of [
      ['start', { start: '8:30' }],
      ['end', { end: '08:00' }],
      ['days', { days: [] }],
      ['days', { days: [0] }],
      ['timeZone', { timeZone: 'IST' }],
    ] as const) {
      const { errors } = await ann.send(SetWorkingHours, { hours: { ...hours, ...wrong } as never });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: `input.workingHours.${field}` } }]);
    }
    expect((await ann.ask(SetWorkingHours, { hours: null })).updateViewer?.viewer.workingHours.timeZone).toBeNull();
  });

  async function invite() {
    const ann = await app.user();
    await ann.ask(
      'mutation { updateViewer(input: { email: "ann@example.com", displayName: "לביא בע\\"מ" }) { viewer { id } } }',
    );
    const { createLead } = await ann.ask(CreateLead, {
      input: { name: 'דנה "דני" לוי; שותפה, מייסדת', phone: newPhone(), email: 'dana@example.com', language: 'he' },
    });
    const input = {
      leadId: createLead?.lead.id as string,
      startsAt: at('08:00'),
      title: `${'פגישה ארוכה מאוד '.repeat(8)}; a, b\\c`,
      location: 'רחוב הרצל 1, תל אביב',
      notes: 'שורה ראשונה\nSecond line, with; signs',
    };
    const meeting = (await ann.ask(BookMeeting, { input })).bookMeeting?.meeting as Json;
    return { ann, meeting, input };
  }

  const parse = (ics: string) => {
    const calendar = new ICAL.Component(ICAL.parse(ics));
    return { calendar, event: new ICAL.Event(calendar.getFirstSubcomponent('vevent') as ICAL.Component) };
  };

  it('have invitations that say in UTC when they are, and every text as it was given, in lines that calendars take', async () => {
    const { meeting, input } = await invite();
    const { ics } = meeting;
    for (const line of ics.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(ics).not.toMatch(/(?<!\r)\n/);
    const { calendar, event } = parse(ics);
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST');
    expect(ics).toContain(`DTSTART:${at('08:00').replace(/[-:]|\.000/g, '')}`);
    expect(event.startDate.toJSDate().toISOString()).toBe(at('08:00'));
    expect(event.endDate.toJSDate().toISOString()).toBe(at('08:30'));
    expect(event).toMatchObject({
      summary: input.title,
      location: input.location,
      description: input.notes,
      sequence: 0,
    });
    expect(event.organizer).toBe('mailto:ann@example.com');
    expect(String(event.attendees[0]?.getFirstValue()).toLowerCase()).toBe('mailto:dana@example.com');
  });

  it('are moved and taken back in calendars under the same UID, with a greater sequence', async () => {
    const { ann, meeting } = await invite();
    const moved = (await ann.ask(UpdateMeeting, { input: { meetingId: meeting.id, startsAt: at('09:00') } }))
      .updateMeeting?.meeting as Json;
    const cancelled = (await ann.ask(CancelMeeting, { id: meeting.id })).cancelMeeting?.meeting as Json;
    const versions = [meeting, moved, cancelled].map(({ ics }: { ics: string }) => parse(ics));
    expect(new Set(versions.map(({ event }) => event.uid)).size).toBe(1);
    expect(versions.map(({ event }) => event.sequence)).toEqual([0, 1, 2]);
    expect(versions.map(({ calendar }) => calendar.getFirstPropertyValue('method'))).toEqual([
      'REQUEST',
      'REQUEST',
      'CANCEL',
    ]);
    const last = versions[2] as (typeof versions)[number];
    expect(last.event.component.getFirstPropertyValue('method')).toBeNull();
    expect(last.event.component.getFirstPropertyValue('status')).toBe('CANCELLED');
    expect(last.event.startDate.toJSDate().toISOString()).toBe(at('09:00'));
    expect(last.event.organizer).toBe('mailto:ann@example.com');
  });

  it('have an invitation to keep where nobody has an address', async () => {
    const ann = await app.user();
    const input = { leadId: await makeLead(ann), startsAt: at('15:00') };
    const meeting = (await ann.ask(BookMeeting, { input })).bookMeeting?.meeting as Json;
    expect(parse(meeting.ics).calendar.getFirstPropertyValue('method')).toBe('PUBLISH');
    await ann.ask(UpdateLead, { input: { leadId: input.leadId, email: 'dana@example.com' } });
    const published = parse(
      (await ann.ask(UpdateMeeting, { input: { meetingId: meeting.id, notes: 'x' } })).updateMeeting?.meeting
        .ics as string,
    );
    expect(published.calendar.getFirstPropertyValue('method')).toBe('PUBLISH');
    expect(published.event.attendees).toEqual([]);
  });

  it('do not make a lead that is DO_NOT_CALL anything else', async () => {
    const ann = await app.user();
    const leadId = await makeLead(ann);
    await ann.ask(UpdateLead, { input: { leadId, status: 'DO_NOT_CALL' } });
    const meeting = (await ann.ask(BookMeeting, { input: { leadId, startsAt: at('16:00') } })).bookMeeting?.meeting;
    expect(meeting?.lead.status).toBe('DO_NOT_CALL');
  });
});
