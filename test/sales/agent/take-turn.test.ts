import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import type { Heard, Turn } from '#domain/sales/agent/heard.ts';
import { takeTurn } from '#domain/sales/agent/take-turn.ts';
import { createCampaign } from '#domain/sales/campaigns/create-campaign.ts';
import { createLead, type NewLead } from '#domain/sales/leads.ts';
import { bookMeeting, cancelMeeting } from '#domain/sales/meetings/meetings.ts';
import { newPhone } from '../../support/fixtures.ts';
import { useServices } from '../../support/services.ts';
import { sql } from '../../support/sql.ts';
import { until } from '../../support/until.ts';

/** 09:00 on Sunday, 29 November 2026, in Israel: nothing is a rest day until Friday. */
const NOW = new Date('2026-11-29T07:00:00Z');

const app = useServices();

type TestCall = { deps: Deps; leadId: string; callId: string };

/** A call of a new owner, by a clock that stands still. */
async function startCall(input: Partial<NewLead> = {}, owner?: Deps): Promise<TestCall> {
  const deps = owner ?? { ...(await app.newUser()), now: () => NOW };
  const lead = await createLead(deps, { name: 'דנה', phone: newPhone(), language: 'he', ...input });
  const id = uuidv7();
  await deps.database.prisma.call.create({
    data: {
      id,
      ownerId: deps.actor.userId,
      leadId: lead.id,
      direction: 'OUTBOUND',
      status: 'IN_PROGRESS',
      phone: lead.phone,
      attempt: 1,
      provider: 'simulated',
    },
  });
  return { deps, leadId: lead.id, callId: id };
}

/** A turn as those who carry calls take it: in a write that holds the call's row. */
const turn = ({ deps, callId }: TestCall, heard: Heard): Promise<Turn> =>
  write(deps, {
    action: 'call.turn',
    async run(change) {
      await change.tx.$queryRaw`SELECT id FROM calls WHERE id = ${callId}::uuid FOR UPDATE`;
      const call = await change.tx.call.findUniqueOrThrow({ where: { id: callId } });
      return takeTurn(change, deps, call, heard);
    },
  });

const answered = { kind: 'answered', by: 'PERSON' } as const;

async function say(call: TestCall, ...texts: string[]): Promise<Turn> {
  let last = await turn(call, answered);
  for (const text of texts) last = await turn(call, { kind: 'speech', text });
  return last;
}

const statusOf = async ({ deps, leadId }: TestCall) =>
  (await deps.database.prisma.lead.findUniqueOrThrow({ where: { id: leadId } })).status;
const meetingsOf = ({ deps, leadId }: TestCall) => deps.database.prisma.meeting.findMany({ where: { leadId } });

/** Sessions of this database that wait for a lock. */
const WAITING = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;

describe('a turn', () => {
  it('books the meeting that it says is booked, in Hebrew, with what stands in the database', async () => {
    const call = await startCall();
    expect((await say(call, 'כן', 'כן, מעניין')).say).toMatch(
      /^אפשר ביום ראשון, 29 בנובמבר, בשעה 11:00, או ביום שני, 30 בנובמבר, בשעה 9:00\./,
    );
    expect(await meetingsOf(call)).toEqual([]);
    expect((await turn(call, { kind: 'speech', text: 'יום שלישי בעשר וחצי' })).say).toBe(
      'אם כך, ביום שלישי, 1 בדצמבר, בשעה 10:30. נכון?',
    );
    expect(await turn(call, { kind: 'speech', text: 'נכון' })).toMatchObject({
      say: 'הפגישה נקבעה ליום שלישי, 1 בדצמבר, בשעה 10:30. יש עוד משהו?',
      outcome: 'MEETING_BOOKED',
      nextStep: 'פגישה ביום שלישי, 1 בדצמבר, בשעה 10:30.',
    });
    const startsAt = new Date('2026-12-01T08:30:00Z');
    expect(await meetingsOf(call)).toMatchObject([
      { startsAt, callId: call.callId, status: 'SCHEDULED', timeZone: 'Asia/Jerusalem' },
    ]);
    expect(await statusOf(call)).toBe('MEETING_BOOKED');
    const { prisma } = call.deps.database;
    const stored = await prisma.call.findUniqueOrThrow({ where: { id: call.callId } });
    expect(stored).toMatchObject({ outcome: 'MEETING_BOOKED', answeredBy: 'PERSON' });
    const audit = await prisma.auditEntry.findMany({
      where: { action: 'meeting.book', actorId: call.deps.actor.userId },
    });
    expect(audit).toHaveLength(1);
    const changes = await prisma.change.findMany({ where: { ownerId: call.deps.actor.userId } });
    expect(changes.map(({ type }) => type).sort()).toEqual(['LEAD', 'MEETING']);
  });

  it('moves the one meeting of its call, and cancels it', async () => {
    const call = await startCall({ language: 'en' });
    await say(call, 'yes', 'yes', 'Tuesday at ten', 'yes');
    expect((await turn(call, { kind: 'speech', text: 'sorry, make it Wednesday at eleven' })).say).toContain(
      'Wednesday, December 2 at 11:00 AM',
    );
    await turn(call, { kind: 'speech', text: 'yes' });
    expect(await meetingsOf(call)).toMatchObject([{ startsAt: new Date('2026-12-02T09:00:00Z'), sequence: 1 }]);
    await turn(call, { kind: 'speech', text: 'I changed my mind, cancel it' });
    expect(await meetingsOf(call)).toMatchObject([{ status: 'CANCELLED', sequence: 2 }]);
    expect(await statusOf(call)).toBe('QUALIFIED');
  });

  it.each([
    ['moves', ['sorry, make it Wednesday at eleven'], 'yes', { startsAt: new Date('2026-12-02T09:00:00Z') }],
    ['cancels', [], 'I changed my mind, cancel it', { status: 'CANCELLED' }],
  ])(
    '%s a meeting that its owner changes at the same time, as a version of its own',
    async (_, before, said, expected) => {
      const call = await startCall({ language: 'en' });
      await say(call, 'yes', 'yes', 'Tuesday at ten', 'yes');
      for (const text of before) await turn(call, { kind: 'speech', text });
      const owner = new pg.Client({ connectionString: app.database.url });
      await owner.connect();
      await owner.query('BEGIN');
      const calendar = `parley:meetings-of:${call.deps.actor.userId}`;
      await owner.query('SELECT pg_advisory_xact_lock(hashtext($1))', [calendar]);
      await owner.query(`UPDATE meetings SET location = 'Room 4', sequence = 1 WHERE call_id = $1`, [call.callId]);
      const ended = turn(call, { kind: 'speech', text: said });
      await until(
        () => sql(app.database, WAITING),
        (waiting) => waiting.length > 0,
      );
      await owner.query('COMMIT');
      await owner.end();
      await ended;
      expect(await meetingsOf(call)).toMatchObject([{ ...expected, location: 'Room 4', sequence: 2 }]);
    },
  );

  it('leaves a lead MEETING_BOOKED whose other meeting stands', async () => {
    const call = await startCall({ language: 'en' });
    await say(call, 'yes', 'yes', 'Tuesday at ten', 'yes');
    await bookMeeting(call.deps, { leadId: call.leadId, startsAt: new Date('2026-12-03T08:00:00Z') });
    await turn(call, { kind: 'speech', text: 'I changed my mind, cancel it' });
    expect((await meetingsOf(call)).map(({ status }) => status).sort()).toEqual(['CANCELLED', 'SCHEDULED']);
    expect(await statusOf(call)).toBe('MEETING_BOOKED');
  });

  it('offers the afternoon by the clock also on a day on which that is changed', async () => {
    // Israel changes back on Sunday, 31 October 2027: noon is thirteen hours after midnight.
    const now = () => new Date('2027-10-28T06:00:00Z');
    const call = await startCall({ language: 'en' }, { ...(await app.newUser()), now });
    expect((await say(call, 'yes', 'yes', 'Sunday afternoon')).say).toContain('October 31 at 12:00 PM');
  });

  it('says that a time is taken, and books nothing, also where it is taken between the question and the answer', async () => {
    const call = await startCall({ language: 'en' });
    expect((await say(call, 'yes', 'yes', 'Tuesday at ten')).say).toContain('Is that right?');
    const rival = await startCall({}, call.deps);
    const meeting = await bookMeeting(call.deps, { leadId: rival.leadId, startsAt: new Date('2026-12-01T08:00:00Z') });
    const told = await turn(call, { kind: 'speech', text: 'yes' });
    expect(told.say).toBe(
      'I am sorry, that time is taken. I can offer Tuesday, December 1 at 10:30 AM, or Tuesday, December 1 at 11:00 AM. Which of them suits you, or would another time be better?',
    );
    expect(await meetingsOf(call)).toEqual([]);
    expect((await turn(call, { kind: 'speech', text: 'Tuesday at ten' })).say).toMatch(
      /^I am sorry, that time is taken/,
    );
    await cancelMeeting(call.deps, { meetingId: meeting.id });
    expect((await turn(call, { kind: 'speech', text: 'Tuesday at ten' })).say).toContain('Is that right?');
  });

  it.each([
    ['after four', 16, 24],
    ['any day after four thirty', 16.5, 24],
    ['Tuesday after four', 16, 24],
    ['not before eleven', 11, 24],
    ['no earlier than eleven', 11, 24],
    ["I'm busy before eleven on Tuesday", 11, 24],
    ['on Tuesday, but not after eleven', 0, 11],
    ['before eleven, but not before ten', 10, 11],
    ['before noon', 0, 12],
    ['in the afternoon', 12, 18],
    ['not before noon', 12, 24],
    ['אחרי ארבע', 16, 24],
    ['ביום שלישי אחרי ארבע וחצי', 16.5, 24],
    ['לא לפני אחת עשרה', 11, 24],
    ['ביום שלישי לא לפני 11:00', 11, 24],
    ['לפני אחת עשרה', 0, 11],
    ['לפני הצהריים', 0, 12],
    ['אני עסוק אחרי אחת עשרה', 0, 11],
  ])('offers only times that suit after "%s"', async (said, from, to) => {
    const hebrew = /[א-ת]/.test(said);
    const call = await startCall(hebrew ? {} : { name: 'Dana', language: 'en' });
    const { say: offer, next } = await say(call, ...(hebrew ? ['כן', 'כן', said] : ['yes', 'yes', said]));
    const hours = [...offer.matchAll(/(\d{1,2}):(\d\d)(?: ([AP])M)?/g)].map(
      ([, hour, minute, half]) =>
        (half ? (Number(hour) % 12) + (half === 'P' ? 12 : 0) : Number(hour)) + Number(minute) / 60,
    );
    expect(next).toBe('listen');
    expect(hours.length).toBeGreaterThan(0);
    for (const hour of hours) {
      expect(hour).toBeGreaterThanOrEqual(from);
      expect(hour).toBeLessThan(to);
    }
  });

  it.each([
    ['next week', /^I can offer Monday, November 30 at 9:00 AM, or Tuesday, December 1 at 9:00 AM\./],
    [
      'next month in the afternoon',
      /^I can offer Tuesday, December 1 at 12:00 PM, or Wednesday, December 2 at 12:00 PM\./,
    ],
    ['in January', /^I can offer \w+, January \d at 9:00 AM, or \w+, January \d at 9:00 AM\./],
    ['next year in May', /^(?:I can offer \w+, May|I am sorry, there are no meetings at that time\. Which day)/],
  ])('offers times from the beginning of what is named on: "%s"', async (said, offer) => {
    const call = await startCall({ name: 'Dana', language: 'en' });
    expect(await say(call, 'yes', 'yes', said)).toMatchObject({ say: expect.stringMatching(offer), next: 'listen' });
  });

  it('keeps to hours that were named while days are, and asks anew where they leave none', async () => {
    const call = await startCall({ name: 'Dana', language: 'en' });
    await say(call, 'yes', 'yes', 'after four');
    expect((await turn(call, { kind: 'speech', text: 'how about Wednesday' })).say).toMatch(
      /^I can offer Wednesday, December 2 at 4:00 PM, or Wednesday, December 2 at (?:4|5):\d\d PM\./,
    );
    const late = await startCall({ name: 'Dana', language: 'en' });
    expect(await say(late, 'yes', 'yes', 'after eleven p.m.')).toMatchObject({
      say: 'I am sorry, there are no meetings at that time. Which day and what time would suit you?',
      next: 'listen',
    });
  });

  it('takes back an hour that is said back where it is too early, and books nothing', async () => {
    const call = await startCall({ name: 'Dana', language: 'en' });
    const { say: offer } = await say(call, 'yes', 'yes', 'Tuesday at ten', 'not before eleven');
    expect(offer).toMatch(/^I can offer Tuesday, December 1 at 11:00 AM, or Tuesday, December 1 at/);
    expect(await meetingsOf(call)).toEqual([]);
  });

  it.each([
    ['call me tomorrow at two in the morning', 'on Monday, November 30 at 9:00 AM?'],
    ['call me on Saturday morning', 'on Sunday, December 6?'],
    ['call me on Saturday at ten', 'on Sunday, December 6 at 9:00 AM?'],
    ['call me tomorrow at eleven p.m.', 'on Tuesday, December 1 at 9:00 AM?'],
  ])('fixes no call back at a time at which no calls are made, and offers another: "%s"', async (said, offered) => {
    const call = await startCall({ name: 'Dana', language: 'en' });
    expect(await say(call, said)).toMatchObject({
      say: `We do not call at that time. May we call you ${offered}`,
      next: 'listen',
      mustBeHeard: true,
    });
    expect(await turn(call, { kind: 'speech', text: 'yes' })).toMatchObject({ outcome: 'CALL_BACK', next: 'hang-up' });
  });

  it('keeps to the window of the campaign that calls, which may be narrower', async () => {
    const call = await startCall({ name: 'Dana', language: 'en' });
    const campaign = await createCampaign(call.deps, {
      name: 'Narrow',
      goal: 'tea',
      leadIds: [call.leadId],
      leadFilter: null,
      callWindow: { start: '12:00', end: '15:00', days: [7, 1, 2, 3, 4], respectShabbat: true },
    });
    await call.deps.database.prisma.call.update({ where: { id: call.callId }, data: { campaignId: campaign.id } });
    expect((await say(call, 'call me on Tuesday at ten')).say).toContain(
      'May we call you on Tuesday, December 1 at 12:00 PM?',
    );
    expect((await turn(call, { kind: 'speech', text: 'at one' })).say).toContain(
      'on Tuesday, December 1 at 1:00 PM. Goodbye.',
    );
  });

  it('offers nothing on a rest day or outside the hours, and says so', async () => {
    const call = await startCall({ language: 'en' });
    expect((await say(call, 'yes', 'yes', 'Saturday at ten')).say).toMatch(
      /^I am sorry, there are no meetings at that time\. I can offer Sunday, December 6/,
    );
    expect((await turn(call, { kind: 'speech', text: 'Tuesday at eight in the evening' })).say).toMatch(
      /^I am sorry, there are no meetings at that time/,
    );
  });

  it('refuses the number at once, for good', async () => {
    const call = await startCall({ language: 'en' });
    expect(await say(call, 'yes', 'take me off your list')).toMatchObject({ outcome: 'DO_NOT_CALL', next: 'hang-up' });
    expect(await statusOf(call)).toBe('DO_NOT_CALL');
    const { phone } = await call.deps.database.prisma.lead.delete({ where: { id: call.leadId } });
    expect((await createLead(call.deps, { name: 'Again', phone })).status).toBe('DO_NOT_CALL');
  });

  it.each([
    [['yes'], 'CONTACTED'],
    [['yes', 'yes'], 'QUALIFIED'],
    [['not interested'], 'LOST'],
    [['wrong number'], 'NEW'],
  ])('after %j leaves the lead %s', async (said, status) => {
    const call = await startCall({ language: 'en' });
    await say(call, ...said);
    expect(await statusOf(call)).toBe(status);
  });

  it('takes back nothing that people have reached', async () => {
    const call = await startCall({ language: 'en' });
    await call.deps.database.prisma.lead.update({ where: { id: call.leadId }, data: { status: 'WON' } });
    await say(call, 'yes', 'not interested');
    expect(await statusOf(call)).toBe('WON');
  });

  it('undoes all that it did where its transaction fails', async () => {
    const call = await startCall({ language: 'en' });
    await say(call, 'yes', 'yes', 'Tuesday at ten');
    await expect(
      write(call.deps, {
        action: 'call.turn',
        async run(change) {
          const row = await change.tx.call.findUniqueOrThrow({ where: { id: call.callId } });
          await takeTurn(change, call.deps, row, { kind: 'speech', text: 'yes' });
          throw new Error('The process ends here.');
        },
      }),
    ).rejects.toThrow('ends here');
    expect(await meetingsOf(call)).toEqual([]);
    expect((await turn(call, { kind: 'speech', text: 'yes' })).say).toContain('Your meeting is booked');
  });

  it('of many calls that agree on one time books it once, and tells the others', async () => {
    const owner = { ...(await app.newUser()), now: () => NOW };
    const calls = await Promise.all(Array.from({ length: 12 }, () => startCall({ language: 'en' }, owner)));
    await Promise.all(calls.map((call) => say(call, 'yes', 'yes', 'Tuesday at ten')));
    const turns = await Promise.all(calls.map((call) => turn(call, { kind: 'speech', text: 'yes' })));
    expect(turns.filter(({ say: said }) => said.startsWith('Your meeting is booked'))).toHaveLength(1);
    expect(turns.filter(({ say: said }) => said.startsWith('I am sorry, that time is taken'))).toHaveLength(11);
  });

  it('tells times by the clock of a lead far away, within the hours of both', async () => {
    const owner = { ...(await app.newUser()), now: () => NOW };
    await owner.database.prisma.user.update({
      where: { id: owner.actor.userId },
      data: { workStart: '09:00', workEnd: '18:00', workDays: [7, 1, 2, 3, 4], timeZone: 'Asia/Jerusalem' },
    });
    const call = await startCall({ language: 'en', phone: '+12125550143', timeZone: 'America/New_York' }, owner);
    // 09:00 in New York is 16:00 in Israel.
    expect((await say(call, 'yes', 'yes')).say).toContain(
      'I can offer Sunday, November 29 at 9:00 AM, or Monday, November 30 at 9:00 AM.',
    );
    expect((await turn(call, { kind: 'speech', text: 'Tuesday at ten' })).say).toContain(
      'Tuesday, December 1 at 10:00 AM. Is that right?',
    );
    await turn(call, { kind: 'speech', text: 'yes' });
    expect(await meetingsOf(call)).toMatchObject([
      { startsAt: new Date('2026-12-01T15:00:00Z'), timeZone: 'America/New_York' },
    ]);
  });
});
