import { describe, expect, it } from 'vitest';
import type { MeetingOutcome } from '../generated/graphql.ts';
import type { Client } from '../support/client.ts';
import { makeMeeting, makePastMeeting } from '../support/fixtures.ts';
import { CancelMeeting, SalesReport, SetMeetingOutcome, UpdateMeeting } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

describe('the outcome of a meeting', () => {
  const app = useParley();

  const makePast = (owner: Client, hours?: number) => makePastMeeting(app.database, owner, hours);
  const setOutcome = async (owner: Client, meetingId: string, outcome: MeetingOutcome) => {
    const { data, errors } = await owner.send(SetMeetingOutcome, { input: { meetingId, outcome } });
    return { meeting: data?.setMeetingOutcome?.meeting, error: errors?.[0]?.extensions };
  };

  it('is told once it has begun, and can be corrected; a lead who did not come is QUALIFIED again', async () => {
    const ann = await app.user();
    const id = await makePast(ann);
    const missed = await setOutcome(ann, id, 'NO_SHOW');
    expect(missed.meeting).toMatchObject({ status: 'COMPLETED', outcome: 'NO_SHOW', lead: { status: 'QUALIFIED' } });
    expect((await setOutcome(ann, id, 'NO_SHOW')).meeting).toEqual(missed.meeting);
    expect((await setOutcome(ann, id, 'HELD')).meeting).toMatchObject({ status: 'COMPLETED', outcome: 'HELD' });
    const other = await makePast(ann, 3);
    expect((await setOutcome(ann, other, 'HELD')).meeting).toMatchObject({ lead: { status: 'MEETING_BOOKED' } });
  });

  it('is HELD where a meeting is COMPLETED as before', async () => {
    const ann = await app.user();
    const meetingId = await makePast(ann);
    await ann.ask(UpdateMeeting, { input: { meetingId, status: 'COMPLETED' } });
    const { meeting } = await ann.ask('query ($id: ID!) { meeting(id: $id) { status outcome } }', { id: meetingId });
    expect(meeting).toEqual({ status: 'COMPLETED', outcome: 'HELD' });
  });

  it('is of a meeting that has begun, was not cancelled, and is its owner’s', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const [future, past] = [await makeMeeting(ann), await makePast(ann)];
    expect((await setOutcome(ann, future, 'HELD')).error).toMatchObject({ code: 'CONFLICT', status: 'SCHEDULED' });
    await ann.ask(CancelMeeting, { id: future });
    expect((await setOutcome(ann, future, 'NO_SHOW')).error).toMatchObject({ code: 'CONFLICT', status: 'CANCELLED' });
    expect((await setOutcome(bob, past, 'HELD')).error).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is counted by when the meeting was, and by the campaign that booked it', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const ids: string[] = [];
    for (const hours of [1, 2, 3, 50]) ids.push(await makePast(ann, hours));
    const [first, second, third, old] = ids as [string, string, string, string];
    for (const id of [first, second, old]) await setOutcome(ann, id, 'HELD');
    await setOutcome(ann, third, 'NO_SHOW');
    const report = async (owner: Client, from: number, to: number) => {
      const { salesReport } = await owner.ask(SalesReport, { from: hoursAgo(from), to: hoursAgo(to) });
      return [salesReport.meetingsHeld, salesReport.noShows];
    };
    expect(await report(ann, 24, 0)).toEqual([2, 1]);
    expect(await report(ann, 100, 0)).toEqual([3, 1]);
    expect(await report(ann, 100, 10)).toEqual([1, 0]);
    expect(await report(bob, 100, 0)).toEqual([0, 0]);
    const [campaign] = await sql<{ id: string }>(
      app.database,
      `WITH c AS (INSERT INTO campaigns (id, owner_id, name, goal, language, window_start, window_end, window_days, respect_shabbat,
           max_concurrent_calls, max_attempts)
         SELECT gen_random_uuid(), owner_id, 'x', 'x', 'he', '09:00', '18:00', '{1}', true, 1, 1 FROM meetings WHERE id = $1 RETURNING id),
       k AS (INSERT INTO calls (id, owner_id, lead_id, campaign_id, direction, status, phone, attempt, provider)
         SELECT gen_random_uuid(), m.owner_id, m.lead_id, c.id, 'OUTBOUND', 'COMPLETED', '+97254', 1, 'simulated'
         FROM c, meetings m WHERE m.id = $1 RETURNING id, campaign_id)
       SELECT id, campaign_id FROM k`,
      [rowId(first)],
    );
    await sql(app.database, 'UPDATE meetings SET call_id = $2 WHERE id = $1', [rowId(first), campaign?.id]);
    const { campaigns } = await ann.ask('{ campaigns { edges { node { stats { meetingsHeld noShows } } } } }');
    expect(campaigns.edges).toEqual([{ node: { stats: { meetingsHeld: 1, noShows: 0 } } }]);
  });
});
