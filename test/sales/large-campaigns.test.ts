import { describe, expect, it, type TestContext } from 'vitest';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { campaignOf, waitForCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import { pollToEnd } from '../support/jobs.ts';
import {
  CampaignLeads,
  CancelCampaign,
  CreateCampaign,
  DeleteLead,
  EraseUser,
  Leads,
  PauseCampaign,
  StartCampaign,
} from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { setUpProcesses } from '../support/use-parley.ts';

const ENV = { ...OPEN_ALL_HOURS, JOB_LEASE_MS: '10000' };
const Cancel = 'mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { status } } }';
const Retry = 'mutation ($id: ID!) { retryJob(input: { jobId: $id }) { job { status } } }';

/** Makes a campaign of all leads of its owner; returns its id. */
async function create(owner: Client, idempotencyKey?: string): Promise<string> {
  const input = { name: 'אביב', goal: 'Meet', leadFilter: {}, idempotencyKey };
  const { createCampaign } = await owner.ask(CreateCampaign, { input });
  return createCampaign?.campaign.id as string;
}

const countLeads = async (owner: Client, id: string) =>
  (await owner.ask(CampaignLeads, { id, first: 1 })).campaign?.leads.totalCount ?? 0;

const waitForLeads = (owner: Client, id: string, enough: (count: number) => boolean) =>
  until(() => countLeads(owner, id), enough);

async function setUp(context: TestContext) {
  const { database, start } = await setUpProcesses(context, { env: ENV });
  const server = await start('server');
  return {
    server,
    startWorker: () => start('worker'),
    async makeLeads({ id }: User, count: number): Promise<void> {
      const ownerId = Buffer.from(id, 'base64url').toString().slice('User:'.length);
      await sql(
        database,
        `INSERT INTO leads (id, owner_id, name, phone, language, tags, created_at)
         SELECT gen_random_uuid(), $1, 'לוי ' || n, '+9725' || (60000000 + n), 'he', '{}', now() - n * interval '1 second'
         FROM generate_series(1, $2::int) n`,
        [ownerId, count],
      );
    },
    rowsOf: async (table: string) =>
      (await sql<{ count: number }>(database, `SELECT count(*)::int FROM ${table}`))[0]?.count ?? 0,
  };
}

describe.concurrent('a campaign of many leads', { timeout: 120_000 }, () => {
  it('has them added by its job, each once, whoever is killed and deleted meanwhile', async (context) => {
    const { server, startWorker, makeLeads, rowsOf } = await setUp(context);
    const ann = await server.user();
    await makeLeads(ann, 6_000);
    const [id, again] = (await Promise.all([create(ann, 'once'), create(ann, 'once')])) as [string, string];
    expect(again).toBe(id);
    const progress = { leads: 6_000, pending: 6_000, percent: 0 };
    expect(await campaignOf(ann, id)).toMatchObject({ status: 'DRAFT', progress, job: { status: 'QUEUED' } });
    expect(await countLeads(ann, id)).toBeLessThan(6_000);
    const [newest] = (await ann.ask(Leads, { first: 1 })).leads.edges;
    await ann.ask(DeleteLead, { id: newest?.node.id as string });
    expect((await campaignOf(ann, id)).progress).toMatchObject({ leads: 5_999, pending: 5_999 });
    const worker = await startWorker();
    await waitForLeads(ann, id, (count) => count > 500);
    worker.kill('SIGKILL');
    expect((await campaignOf(ann, id)).progress.leads).toBe(5_999);
    await startWorker();
    await waitForLeads(ann, id, (count) => count === 5_999);
    expect(await rowsOf('campaign_lead_slices')).toBe(0);
    const draft = await campaignOf(ann, id);
    expect(draft).toMatchObject({
      status: 'DRAFT',
      progress: { leads: 5_999, pending: 5_999 },
      job: { status: 'RUNNING' },
    });
    expect(await rowsOf('calls')).toBe(0);
    await ann.ask(CancelCampaign, { id });
    const isCancelled = ({ job }: typeof draft) => job?.status === 'CANCELLED';
    expect(await waitForCampaign(ann, id, isCancelled)).toMatchObject({
      progress: { leads: 5_999, cancelled: 5_999 },
    });
  });

  it('is started, paused and cancelled while they are added, and goes with its owner, who is erased meanwhile', async (context) => {
    const { server, startWorker, makeLeads, rowsOf } = await setUp(context);
    const ann = await server.user();
    await makeLeads(ann, 1_500);
    const [paused, cancelled, ended] = [await create(ann), await create(ann), await create(ann)];
    for (const id of [paused, cancelled]) await ann.ask(StartCampaign, { id });
    await ann.ask(PauseCampaign, { id: paused });
    await ann.ask(CancelCampaign, { id: cancelled });
    const { job } = await campaignOf(ann, ended);
    await ann.ask(Cancel, { id: job?.id });
    expect((await ann.send(Retry, { id: job?.id })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    await startWorker();
    await waitForLeads(ann, paused, (count) => count === 1_500);
    expect(await campaignOf(ann, paused)).toMatchObject({
      status: 'PAUSED',
      progress: { leads: 1_500, pending: 1_500 },
    });
    for (const id of [cancelled, ended])
      expect(await campaignOf(ann, id)).toMatchObject({
        status: 'CANCELLED',
        progress: { leads: 1_500, cancelled: 1_500 },
      });
    expect(await rowsOf('calls')).toBe(0);

    const bob = await server.user();
    await makeLeads(bob, 5_000);
    await waitForLeads(bob, await create(bob), (count) => count > 500);
    const { eraseUser } = await bob.ask(EraseUser, { input: { userId: bob.id, dryRun: false } });
    const erasure = await pollToEnd(server.admin, eraseUser?.job?.id as string);
    expect(erasure.status).toBe('SUCCEEDED');
    const left = `owner_id NOT IN (SELECT id FROM users)`;
    expect([await rowsOf(`campaigns WHERE ${left}`), await rowsOf(`leads WHERE ${left}`)]).toEqual([0, 0]);
    const orphans = 'campaign_id NOT IN (SELECT id FROM campaigns)';
    for (const table of ['campaign_leads', 'campaign_lead_slices'])
      expect(await rowsOf(`${table} WHERE ${orphans}`)).toBe(0);
  });
});
