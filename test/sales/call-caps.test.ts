import { describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import { makeCampaign, waitForCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import {
  CallLead,
  CampaignLeads,
  CancelCampaign,
  DeleteLead,
  Eligibility,
  StartCampaign,
} from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const call = async (owner: Client, leadId: string) => {
  const { callLead } = await owner.ask(CallLead, { input: { leadId } });
  return waitForCall(owner, callLead?.call.id as string);
};
const reasons = async (owner: Client, id: string) =>
  (await owner.ask(Eligibility, { id })).lead?.callEligibility.reasons.map(({ code, until }) => ({ code, until }));

describe('what calls may cost in a day', () => {
  const app = useParley({ env: { ...OPEN_ALL_HOURS, MAX_DAILY_CALL_MINUTES: '1', MAX_DAILY_CALLS_PER_NUMBER: '1' } });

  it('is bounded by their minutes, for each user: a campaign waits until the day is over', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const other = await makeCallable(ann);
    const { id } = await call(ann, await makeCallable(ann, { phone: findPhone(({ unanswered }) => !unanswered) }));
    const [row] = await sql<{ startedAt: Date }>(
      app.database,
      `UPDATE calls SET started_at = ended_at - interval '61 s' WHERE id = $1 RETURNING started_at AS "startedAt"`,
      [Buffer.from(id, 'base64url').toString().slice('Call:'.length)],
    );
    const dayIsOver = new Date((row?.startedAt.getTime() as number) + 24 * 3_600_000).toISOString();
    expect(await reasons(ann, other)).toEqual([{ code: 'DAILY_MINUTES_USED_UP', until: dayIsOver }]);
    const { errors } = await ann.send(CallLead, { input: { leadId: other } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_ELIGIBLE' } }]);
    const campaignId = await makeCampaign(ann, 2);
    await ann.ask(StartCampaign, { id: campaignId });
    const waits = ({ dueAt }: { dueAt: string | null }) => dueAt !== null && dueAt >= dayIsOver;
    await waitForCampaign(ann, campaignId, ({ job }) => job?.message != null);
    const { campaign } = await until(
      () => ann.ask(CampaignLeads, { id: campaignId }),
      ({ campaign }) => campaign?.leads.edges.every(({ node }) => waits(node)) ?? false,
    );
    expect(campaign?.leads.edges.map(({ node }) => node.attempts)).toEqual([0, 0]);
    await ann.ask(CancelCampaign, { id: campaignId });
    expect(await reasons(bob, await makeCallable(bob))).toEqual([]);
  });

  it('is bounded also while calls are under way: each has its minutes reserved, and a campaign waits for those', async () => {
    const ann = await app.user();
    const id = await makeCampaign(ann, 6, { maxAttempts: 1, maxConcurrentCalls: 6 });
    await ann.ask(StartCampaign, { id });
    await waitForCampaign(ann, id, ({ status }) => status === 'COMPLETED');
    const [counted] = await sql<{ calls: number; most: number }>(
      app.database,
      `SELECT count(*)::int AS calls, max(at_once)::int AS most FROM (SELECT (SELECT count(*) FROM calls b WHERE b.campaign_id = a.campaign_id
         AND b.dialled_at <= a.dialled_at AND b.ended_at > a.dialled_at) AS at_once FROM calls a WHERE campaign_id = $1) calls`,
      [Buffer.from(id, 'base64url').toString().slice('Campaign:'.length)],
    );
    expect(counted).toEqual({ calls: 6, most: 1 });
  });

  it('is bounded by the calls to one number, however it is called', async () => {
    const ann = await app.user();
    const leadId = await makeCallable(ann, { phone: findPhone(({ unanswered }) => unanswered === 'BUSY') });
    await call(ann, leadId);
    expect(await reasons(ann, leadId)).toEqual([{ code: 'DAILY_CALLS_USED_UP', until: expect.any(String) }]);
  });

  it('is bounded for a number whose lead is deleted and made anew', async () => {
    const ann = await app.user();
    const phone = findPhone(({ unanswered }) => unanswered === 'BUSY');
    const leadId = await makeCallable(ann, { phone });
    await call(ann, leadId);
    const before = await reasons(ann, leadId);
    await ann.ask(DeleteLead, { id: leadId });
    expect(await reasons(ann, await makeCallable(ann, { phone }))).toEqual(before);
    const bob = await app.user();
    expect(await reasons(bob, await makeCallable(bob, { phone }))).toEqual([]);
  });
});

describe('what a number is spared when its lead is deleted and made anew', () => {
  const app = useParley({ env: { ...OPEN_ALL_HOURS, MAX_CALL_ATTEMPTS: '1', CALL_RETRY_HOURS: '48' } });

  it('are attempts that are used up, and one that is too soon', async () => {
    const ann = await app.user();
    const phone = findPhone(({ unanswered }) => unanswered === 'BUSY');
    const leadId = await makeCallable(ann, { phone });
    await call(ann, leadId);
    await ann.ask(DeleteLead, { id: leadId });
    const anew = await makeCallable(ann, { phone });
    const codes = (await reasons(ann, anew))?.map(({ code }) => code);
    expect(codes).toEqual(['ATTEMPTS_USED_UP', 'TOO_SOON']);
  });
});

describe('calls that two workers dial', () => {
  const processes = useProcesses({ env: { ...OPEN_ALL_HOURS, CALLS_PER_SECOND: '4', MAX_CONCURRENT_CALLS: '30' } });

  it('are no more a second than the provider takes', async () => {
    const [server] = await Promise.all([
      processes.start('server'),
      processes.start('worker'),
      processes.start('worker'),
    ]);
    const ann = await server.user();
    const id = await makeCampaign(ann, 13, { maxAttempts: 1, maxConcurrentCalls: 20 });
    await ann.ask(StartCampaign, { id });
    const count = () => sql(processes.database, 'SELECT id FROM calls WHERE dialled_at IS NOT NULL');
    await until(count, ({ length }) => length === 13);
    // Each is dialled when it has its place in their common order, at the earliest: thirteen have twelve quarters between them.
    const [paced] = await sql<{ calls: number; isPaced: boolean }>(
      processes.database,
      `SELECT count(dialled_at)::int AS calls, max(dialled_at) - min(queued_at) >= interval '2.99 s' AS "isPaced" FROM calls`,
    );
    expect(paced).toEqual({ calls: 13, isPaced: true });
  }, 120_000);
});
