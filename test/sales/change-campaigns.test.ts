import { describe, expect, it } from 'vitest';
import { IN_BACKGROUND, runTransaction } from '#domain/core/transaction.ts';
import { deletedCampaignRetention } from '#domain/sales/campaigns/delete-campaign.ts';
import type { UpdateCampaignInput } from '../generated/graphql.ts';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { campaignOf, makeCampaign, makeClosedCampaign, waitForCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import {
  CampaignLeads,
  Campaigns,
  CampaignUpdated,
  CancelCampaign,
  DeleteCampaign,
  PauseCampaign,
  SalesReport,
  StartCampaign,
  UpdateCampaign,
} from '../support/operations.ts';
import { useServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const rowId = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];
const ALL_DAY = { start: '00:00', end: '23:59', days: [1, 2, 3, 4, 5, 6, 7], respectShabbat: false };

describe.each(['postgres', 'embedded'] as const)('a campaign on the %s database', (on) => {
  const app = useParley({ on, env: { ...OPEN_ALL_HOURS, MAX_DAILY_CALLS_PER_NUMBER: '100' } });

  const update = async (owner: Client, input: UpdateCampaignInput) => {
    const { data, errors } = await owner.send(UpdateCampaign, { input });
    return { campaign: data?.updateCampaign?.campaign, error: errors?.[0]?.extensions };
  };
  const setLeads = (id: string, status: 'IN_PROGRESS' | 'PENDING') =>
    sql(app.database, `UPDATE campaign_leads SET status = $2::campaign_lead_status WHERE campaign_id = $1`, [
      rowId(id),
      status,
    ]);

  it('that is a DRAFT changes in everything but its leads', async () => {
    const ann = await app.user();
    const campaignId = await makeClosedCampaign(ann, 'DRAFT');
    const changes = { name: ' קיץ ', goal: 'מחירון הקיץ', language: 'Hebrew', maxConcurrentCalls: 50, maxAttempts: 1 };
    const { campaign } = await update(ann, { campaignId, ...changes, callWindow: ALL_DAY });
    expect(campaign).toMatchObject({ ...changes, name: 'קיץ', language: 'he', callWindow: ALL_DAY, status: 'DRAFT' });
    const nulls = { name: null, goal: null, language: null, callWindow: null, maxConcurrentCalls: null };
    expect((await update(ann, { campaignId, ...nulls })).campaign).toEqual(campaign);
    for (const [field, value] of [
      ['name', ' '],
      ['goal', 'א'.repeat(2_001)],
      ['language', 'klingon'],
      ['language', 'fr'],
      ['maxConcurrentCalls', 51],
      ['maxAttempts', 0],
    ] as const)
      expect((await update(ann, { campaignId, [field]: value })).error).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: `input.${field}`,
      });
    const upsideDown = { ...ALL_DAY, start: '18:00', end: '09:00' };
    expect((await update(ann, { campaignId, callWindow: upsideDown })).error).toMatchObject({
      field: 'input.callWindow',
    });
    expect((await campaignOf(ann, campaignId)).name).toBe('קיץ');
  });

  it.runIf(on === 'postgres')('that runs keeps what is said, until it is paused and nobody is in a call', async () => {
    const ann = await app.user();
    const campaignId = await makeClosedCampaign(ann, 'RUNNING');
    const safe = { name: 'סתיו', maxConcurrentCalls: 9, maxAttempts: 2 };
    expect((await update(ann, { campaignId, ...safe })).campaign).toMatchObject({ ...safe, status: 'RUNNING' });
    const said = { goal: 'our autumn prices', language: 'he' };
    const conflict = { code: 'CONFLICT', status: 'RUNNING', fields: ['goal', 'language'] };
    expect((await update(ann, { campaignId, ...said, name: 'אחר' })).error).toMatchObject(conflict);
    expect((await campaignOf(ann, campaignId)).name).toBe('סתיו');
    await ann.ask(PauseCampaign, { id: campaignId });
    await setLeads(campaignId, 'IN_PROGRESS');
    expect((await update(ann, { campaignId, goal: said.goal })).error).toMatchObject({
      ...conflict,
      status: 'PAUSED',
      fields: ['goal'],
    });
    await setLeads(campaignId, 'PENDING');
    expect((await update(ann, { campaignId, ...said })).campaign).toMatchObject(said);
  });

  it('that is over changes in its name alone', async () => {
    const ann = await app.user();
    const campaignId = await makeClosedCampaign(ann, 'RUNNING');
    await ann.ask(CancelCampaign, { id: campaignId });
    expect((await update(ann, { campaignId, name: 'Over' })).campaign).toMatchObject({ name: 'Over' });
    expect((await update(ann, { campaignId, maxAttempts: 1 })).error).toMatchObject({
      code: 'CONFLICT',
      status: 'CANCELLED',
      fields: ['maxAttempts'],
    });
  });

  it('that opens its window calls the leads whom the former one had put off', async () => {
    const ann = await app.user();
    const id = await makeClosedCampaign(ann, 'RUNNING');
    const putOff = await waitForLeads(ann, id, ({ dueAt }) => new Date(dueAt ?? 0).getTime() > Date.now() + 3_600_000);
    expect(putOff).toMatchObject([{ status: 'PENDING', attempts: 0 }]);
    await update(ann, { campaignId: id, callWindow: ALL_DAY, maxAttempts: 1 });
    const over = await waitForCampaign(ann, id, ({ status }) => status === 'COMPLETED');
    expect(over.calls.totalCount).toBe(1);
  }, 30_000);

  it('that is deleted is gone, and its calls stay with their leads', async () => {
    const ann = await app.user();
    const id = await makeCampaign(ann, 3, { maxAttempts: 1 });
    await ann.ask(StartCampaign, { id });
    const { calls } = await waitForCampaign(ann, id, ({ status }) => status === 'COMPLETED');
    expect((await ann.ask(DeleteCampaign, { id })).deleteCampaign).toEqual({ deletedId: id });
    expect((await ann.ask(Campaigns, {})).campaigns).toMatchObject({ totalCount: 0, edges: [] });
    const read = `query ($id: ID!, $call: ID!) { node(id: $id) { id } campaign(id: $id) { id } call(id: $call) { lead { id } campaign { id } }
      calls { totalCount } ofCampaign: calls(filter: { campaignId: $id }) { totalCount edges { node { id } } } }`;
    expect(await ann.ask(read, { id, call: calls.edges[0]?.node.id })).toEqual({
      node: null,
      campaign: null,
      call: { lead: { id: expect.any(String) }, campaign: null },
      calls: { totalCount: 3 },
      ofCampaign: { totalCount: 0, edges: [] },
    });
    const day = (offset: number) => new Date(Date.now() + offset * 24 * 3_600_000).toISOString();
    expect((await ann.ask(SalesReport, { from: day(-1), to: day(1) })).salesReport.calls).toBe(3);
    for (const again of ['deleteCampaign', 'startCampaign', 'cancelCampaign']) {
      const { errors } = await ann.send(`mutation ($id: ID!) { ${again}(input: { campaignId: $id }) { __typename } }`, {
        id,
      });
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    }
    expect((await update(ann, { campaignId: id, name: 'x' })).error).toMatchObject({ code: 'NOT_FOUND' });
  }, 30_000);

  it.runIf(on === 'postgres')(
    'is deleted before it is started or once it is over, and not while somebody is in a call',
    async () => {
      const ann = await app.user();
      const [draft, running, paused] = [
        await makeClosedCampaign(ann, 'DRAFT'),
        await makeClosedCampaign(ann, 'RUNNING'),
        await makeClosedCampaign(ann, 'PAUSED'),
      ];
      await using feed = ann.follow(CampaignUpdated, { id: draft });
      await feed.connected;
      await ann.ask(DeleteCampaign, { id: draft });
      for await (const _state of feed); // ends
      for (const id of [running, paused])
        expect((await ann.send(DeleteCampaign, { id })).errors).toMatchObject([
          { message: expect.stringContaining('cancelCampaign'), extensions: { code: 'CONFLICT' } },
        ]);
      await ann.ask(CancelCampaign, { id: running });
      await setLeads(running, 'IN_PROGRESS');
      expect((await ann.send(DeleteCampaign, { id: running })).errors).toMatchObject([
        { message: expect.stringContaining('in progress'), extensions: { code: 'CONFLICT' } },
      ]);
      await setLeads(running, 'PENDING');
      await ann.ask(DeleteCampaign, { id: running });
      expect((await ann.ask(Campaigns, {})).campaigns.edges.map(({ node }) => node.id)).toEqual([paused]);
    },
  );

  async function waitForLeads(
    owner: Client,
    id: string,
    passes: (lead: { dueAt?: string | null | undefined }) => boolean,
  ) {
    for (;;) {
      const { campaign } = await owner.ask(CampaignLeads, { id, first: 10 });
      const leads = campaign?.leads.edges.map(({ node }) => node) ?? [];
      if (leads.every(passes)) return leads;
    }
  }
});

describe.each(['postgres', 'embedded'] as const)('the clean-up on the %s database', (on) => {
  const { services, newUser } = useServices({ on });

  it('removes the rows of deleted campaigns slice by slice, and keeps the calls', async () => {
    const ann = (await newUser()).actor.userId;
    const { pool } = services.database;
    await pool.query(
      `WITH c AS (INSERT INTO campaigns (id, owner_id, name, goal, language, status, window_start, window_end, window_days,
           respect_shabbat, max_concurrent_calls, max_attempts, deleted_at)
         SELECT gen_random_uuid(), $1, n::text, 'x', 'he', 'COMPLETED', '09:00', '18:00', '{1}', true, 1, 1,
           CASE WHEN n < 3 THEN now() END FROM generate_series(1, 3) n RETURNING id),
       l AS (INSERT INTO leads (id, owner_id, name, phone, language, tags)
         SELECT gen_random_uuid(), $1, 'x', '+97254' || (7000000 + n), 'he', '{}' FROM generate_series(1, 1100) n RETURNING id),
       cl AS (INSERT INTO campaign_leads (campaign_id, lead_id, blocked_reasons) SELECT c.id, l.id, '{}' FROM c, l)
       INSERT INTO calls (id, owner_id, lead_id, campaign_id, direction, status, phone, attempt, provider)
       SELECT gen_random_uuid(), $1, l.id, c.id, 'OUTBOUND', 'COMPLETED', '+97254', 1, 'simulated' FROM c, l`,
      [ann],
    );
    const sizes: number[] = [];
    for (let more = true; more; ) {
      const slice = await runTransaction(services, IN_BACKGROUND, (change) =>
        deletedCampaignRetention.deleteSlice(change, new Date(), {} as never),
      );
      sizes.push(slice.deleted);
      more = slice.more;
    }
    const slices = [500, 500, 100, 500, 500, 100, 1];
    expect(sizes).toEqual([...slices, ...slices, 0]);
    const { rows } = await pool.query(
      `SELECT (SELECT count(*)::int FROM campaigns) AS campaigns, (SELECT count(*)::int FROM campaign_leads) AS leads,
         (SELECT count(*)::int FROM calls) AS calls, (SELECT count(*)::int FROM calls WHERE campaign_id IS NULL) AS free`,
    );
    expect(rows[0]).toEqual({ campaigns: 1, leads: 1_100, calls: 3_300, free: 2_200 });
  }, 30_000);
});
