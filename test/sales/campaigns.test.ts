import { describe, expect, it } from 'vitest';
import type { CreateCampaignInput } from '../generated/graphql.ts';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { assertAddsUp, campaignOf, makeCampaign, makeClosedCampaign, waitForCampaign } from '../support/campaigns.ts';
import { makeLead, newPhone } from '../support/fixtures.ts';
import {
  CampaignLeads,
  CampaignStats,
  Campaigns,
  CampaignUpdated,
  CancelCampaign,
  CreateCampaign,
  CreateLead,
  DeleteLead,
  Leads,
  PauseCampaign,
  ResumeCampaign,
  SalesReport,
  StartCampaign,
} from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const ENV = { ...OPEN_ALL_HOURS, MAX_DAILY_CALLS_PER_NUMBER: '100' };

describe.each(['postgres', 'embedded'] as const)('a campaign on the %s database', (on) => {
  const app = useParley({ on, env: ENV });

  it('calls every lead once, tells its progress as it goes, and ends with its numbers', async () => {
    const ann = await app.user();
    const id = await makeCampaign(ann, 12, { maxAttempts: 1, maxConcurrentCalls: 4 });
    const draft = await campaignOf(ann, id);
    expect(draft).toMatchObject({ status: 'DRAFT', job: null, progress: { leads: 12, pending: 12 } });
    await using feed = ann.follow(CampaignUpdated, { id });
    await feed.connected;
    const { startCampaign } = await ann.ask(StartCampaign, { id });
    expect(startCampaign?.campaign).toMatchObject({ status: 'RUNNING', job: { kind: 'RUN_CAMPAIGN' } });
    let last: unknown;
    for await (const { data } of feed) {
      if (data) assertAddsUp(data.campaignUpdated.progress);
      last = data?.campaignUpdated;
    }
    expect(last).toMatchObject({
      status: 'COMPLETED',
      progress: { leads: 12, pending: 0, inProgress: 0, percent: 100 },
    });
    const campaign = await campaignOf(ann, id);
    expect(campaign.calls.totalCount).toBe(12);
    expect(campaign.calls.edges[0]?.node.campaign).toEqual({ id });
    expect(campaign.job).toMatchObject({ status: 'SUCCEEDED', progress: 1 });
    const reached = await ann.ask(CampaignLeads, { id, filter: { statuses: ['REACHED'] }, first: 100 });
    expect(reached.campaign?.leads.totalCount).toBe(campaign.progress.reached);
    for (const { node } of reached.campaign?.leads.edges ?? [])
      expect(node).toMatchObject({ status: 'REACHED', attempts: 1, dueAt: null, call: null });
    const { campaign: counted } = await ann.ask(CampaignStats, { id });
    const stats = counted?.stats as NonNullable<typeof counted>['stats'];
    expect(stats).toMatchObject({ calls: 12, reached: campaign.progress.reached, blockedLeads: [] });
    const sum = (rows: readonly { calls: number }[]) => rows.reduce((total, { calls }) => total + calls, 0);
    for (const rows of [stats.byOutcome, stats.byDay, stats.byHour]) expect(sum(rows)).toBe(12);
    expect(stats.reachRate).toBeCloseTo(campaign.progress.reached / 12);
    const day = (offset: number) => new Date(Date.now() + offset * 24 * 3_600_000).toISOString();
    const { salesReport } = await ann.ask(SalesReport, { from: day(-1), to: day(1) });
    expect(salesReport).toMatchObject({ calls: 12, talkSeconds: stats.talkSeconds });
    expect((await ann.send(SalesReport, { from: day(1), to: day(0) })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  }, 60_000);
});

describe('a campaign', () => {
  const app = useParley({ env: { ...ENV, SIMULATED_CALL_SPEED: '20', MAX_CALL_ATTEMPTS: '3' } });

  it('is paused, resumed and cancelled, and calls nobody meanwhile', async () => {
    const ann = await app.user();
    const id = await makeCampaign(ann, 30, { maxConcurrentCalls: 3 });
    expect((await ann.send(PauseCampaign, { id })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    await ann.ask(StartCampaign, { id });
    await waitForCampaign(ann, id, ({ progress }) => progress.inProgress > 0);
    await ann.ask(PauseCampaign, { id });
    const paused = await waitForCampaign(ann, id, ({ progress }) => progress.inProgress === 0);
    expect(paused).toMatchObject({ status: 'PAUSED', job: { status: 'RUNNING' } });
    const { totalCount } = paused.calls;
    await ann.ask(ResumeCampaign, { id });
    const resumed = await waitForCampaign(
      ann,
      id,
      ({ calls, progress }) => calls.totalCount > totalCount && progress.inProgress > 0,
    );
    expect(resumed.progress.inProgress).toBeLessThanOrEqual(3);
    await ann.ask(CancelCampaign, { id });
    const cancelled = await waitForCampaign(
      ann,
      id,
      ({ progress, job }) => progress.inProgress === 0 && job?.status === 'CANCELLED',
    );
    expect(cancelled).toMatchObject({ status: 'CANCELLED', progress: { pending: 0, percent: 100 } });
    expect(cancelled.progress.cancelled).toBeGreaterThan(0);
    expect((await ann.send(ResumeCampaign, { id })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  }, 60_000);

  it('that is started, paused, resumed and cancelled at once has one job, which ends with it', async () => {
    const ann = await app.user();
    const ids = await Promise.all(Array.from({ length: 6 }, () => makeClosedCampaign(ann, 'DRAFT')));
    await Promise.all(
      ids.flatMap((id) => [
        ann.send(StartCampaign, { id }),
        ann.send(PauseCampaign, { id }),
        ann.send(ResumeCampaign, { id }),
        ann.send(CancelCampaign, { id }),
      ]),
    );
    const { jobs } = await until(
      () => ann.ask('{ jobs(filter: { kinds: [RUN_CAMPAIGN] }) { edges { node { status } } } }'),
      ({ jobs }) => jobs.edges.every(({ node }: { node: { status: string } }) => node.status === 'CANCELLED'),
    );
    expect(jobs.edges.length).toBeLessThanOrEqual(ids.length);
    for (const id of ids) expect((await campaignOf(ann, id)).status).toBe('CANCELLED');
  });

  it('blocks who may not be called, says why, and leaves who is deleted', async () => {
    const ann = await app.user();
    const refused = await makeLead(ann);
    const jamaica = (
      await ann.ask(CreateLead, { input: { name: 'Ann', phone: '+18765550123', consentAt: '2026-11-01T00:00:00Z' } })
    ).createLead?.lead.id as string;
    const gone = await makeLead(ann, newPhone());
    const input = { name: 'אביב', goal: 'Meet', leadIds: [refused, jamaica, gone] };
    const { createCampaign } = await ann.ask(CreateCampaign, { input });
    const id = createCampaign?.campaign.id as string;
    await ann.ask(DeleteLead, { id: gone });
    await ann.ask(StartCampaign, { id });
    const over = await waitForCampaign(ann, id, ({ status }) => status === 'COMPLETED');
    expect(over.progress).toMatchObject({ leads: 2, blocked: 2 });
    const { campaign } = await ann.ask(CampaignStats, { id });
    const codes = Object.fromEntries(campaign?.stats.blockedLeads.map(({ code, leads }) => [code, leads]) ?? []);
    expect(codes).toMatchObject({ COUNTRY_NOT_ALLOWED: 1, CONSENT_MISSING: 1, REGISTRY_CHECK_MISSING: 1 });
    const day = (offset: number) => new Date(Date.now() + offset * 24 * 3_600_000).toISOString();
    const blockedIn = async (from: string, to: string) =>
      (await ann.ask(SalesReport, { from, to })).salesReport.blockedLeads;
    expect(await blockedIn(day(-1), day(1))).toEqual(campaign?.stats.blockedLeads);
    expect(await blockedIn(day(-2), day(-1))).toEqual([]);
  });

  it('is its owner’s, and of leads that are theirs', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const id = await makeCampaign(ann, 2);
    expect((await bob.ask(Campaigns, {})).campaigns.totalCount).toBe(0);
    for (const operation of [StartCampaign, PauseCampaign, CancelCampaign])
      expect((await bob.send(String(operation), { id })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    const leadIds = (await ann.ask(Leads, { first: 1 })).leads.edges.map(({ node }) => node.id);
    const REFUSED: [Partial<CreateCampaignInput>, string][] = [
      [{ leadIds }, 'NOT_FOUND'],
      [{ leadIds: [] }, 'BAD_USER_INPUT'],
      [{}, 'BAD_USER_INPUT'],
      [{ leadFilter: { tagsAny: ['nobody'] } }, 'BAD_USER_INPUT'],
      [{ leadFilter: {}, callWindow: { start: '18:00', end: '09:00' } }, 'BAD_USER_INPUT'],
      [{ leadFilter: {}, language: 'ru' }, 'BAD_USER_INPUT'],
      [{ leadFilter: {}, language: 'Russian' }, 'BAD_USER_INPUT'],
      [{ leadFilter: {}, language: 'klingon' }, 'BAD_USER_INPUT'],
      [{ leadFilter: {}, maxAttempts: 4 }, 'BAD_USER_INPUT'],
      [{ leadFilter: {}, maxConcurrentCalls: 51 }, 'BAD_USER_INPUT'],
    ];
    for (const [more, code] of REFUSED) {
      const { errors } = await bob.send(CreateCampaign, { input: { name: 'x', goal: 'y', ...more } });
      expect(errors).toMatchObject([{ extensions: { code } }]);
    }
  });

  it('of a language that nobody speaks, as one of an earlier release, is not started', async () => {
    const ann = await app.user();
    const id = await makeCampaign(ann, 1);
    const rowId = Buffer.from(id, 'base64url').toString().slice('Campaign:'.length);
    await sql(app.database, `UPDATE campaigns SET language = 'ru' WHERE id = $1`, [rowId]);
    const { errors } = await ann.send(StartCampaign, { id });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', language: 'ru' } }]);
  });

  it('lists by name and status', async () => {
    const ann = await app.user();
    for (const name of ['Winter', 'אביב', 'autumn']) await makeCampaign(ann, 1, { name });
    const names = async (variables: object) =>
      (await ann.ask(Campaigns, variables)).campaigns.edges.map(({ node }) => node.name);
    expect(await names({})).toEqual(['autumn', 'אביב', 'Winter']);
    expect(await names({ orderBy: 'NAME_ASC' })).toEqual(['autumn', 'Winter', 'אביב']);
    expect(await names({ filter: { nameContains: 'WIN' } })).toEqual(['Winter']);
    expect(await names({ filter: { statuses: ['RUNNING'] } })).toEqual([]);
  });

  it('has leads, read page by page and by where they stand, by its owner alone', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const id = await makeCampaign(ann, 5);
    const page = async (variables: object) => {
      const { campaign } = await ann.ask(CampaignLeads, { id, ...variables });
      return campaign?.leads as NonNullable<typeof campaign>['leads'];
    };
    const all = await page({});
    expect(all.totalCount).toBe(5);
    expect(all.edges[0]?.node).toMatchObject({
      status: 'PENDING',
      attempts: 0,
      dueAt: expect.any(String),
      meetingBooked: false,
      blockedReasons: [],
      call: null,
    });
    const ids = all.edges.map(({ node }) => node.lead.id);
    const [first, second] = [await page({ first: 3 }), await page({ first: 3, after: all.edges[2]?.cursor })];
    expect([...first.edges, ...second.edges].map(({ node }) => node.lead.id)).toEqual(ids);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
    const last = await page({ last: 2 });
    expect(last.edges.map(({ node }) => node.lead.id)).toEqual(ids.slice(-2));
    expect(await page({ filter: { statuses: ['REACHED', 'BLOCKED'] } })).toMatchObject({ totalCount: 0, edges: [] });
    expect((await page({ filter: { statuses: ['PENDING'] } })).totalCount).toBe(5);
    expect((await bob.ask(CampaignLeads, { id })).campaign).toBeNull();
    const wrong = await ann.send(CampaignLeads, { id, after: 'x' });
    expect(wrong.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
