import { describe, expect, it } from 'vitest';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { campaignOf, waitForCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import { followToEnd } from '../support/jobs.ts';
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
import { useProcesses } from '../support/use-parley.ts';

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

describe('a campaign of many leads', () => {
  const processes = useProcesses({ on: 'postgres', env: ENV });

  async function makeLeads({ id }: User, count: number): Promise<void> {
    const ownerId = Buffer.from(id, 'base64url').toString().slice('User:'.length);
    await sql(
      processes.database,
      `INSERT INTO leads (id, owner_id, name, phone, language, tags, created_at)
       SELECT gen_random_uuid(), $1, 'לוי ' || n, '+9725' || (60000000 + n), 'he', '{}', now() - n * interval '1 second'
       FROM generate_series(1, $2::int) n`,
      [ownerId, count],
    );
  }

  const rowsOf = async (table: string) =>
    (await sql<{ count: number }>(processes.database, `SELECT count(*)::int FROM ${table}`))[0]?.count ?? 0;

  it('has them added by its job, each once, whoever is killed and deleted meanwhile', async () => {
    const server = await processes.start('server');
    const ann = await server.user();
    await makeLeads(ann, 12_000);
    const [id, again] = (await Promise.all([create(ann, 'once'), create(ann, 'once')])) as [string, string];
    expect(again).toBe(id);
    const progress = { leads: 12_000, pending: 12_000, percent: 0 };
    expect(await campaignOf(ann, id)).toMatchObject({ status: 'DRAFT', progress, job: { status: 'QUEUED' } });
    expect(await countLeads(ann, id)).toBeLessThan(12_000);
    const [newest] = (await ann.ask(Leads, { first: 1 })).leads.edges;
    await ann.ask(DeleteLead, { id: newest?.node.id as string });
    expect((await campaignOf(ann, id)).progress).toMatchObject({ leads: 11_999, pending: 11_999 });
    const worker = await processes.start('worker');
    await waitForLeads(ann, id, (count) => count > 2_000);
    worker.kill('SIGKILL');
    expect((await campaignOf(ann, id)).progress.leads).toBe(11_999);
    await processes.start('worker');
    await waitForLeads(ann, id, (count) => count === 11_999);
    expect(await rowsOf('campaign_lead_slices')).toBe(0);
    const draft = await campaignOf(ann, id);
    expect(draft).toMatchObject({
      status: 'DRAFT',
      progress: { leads: 11_999, pending: 11_999 },
      job: { status: 'RUNNING' },
    });
    expect(await rowsOf('calls')).toBe(0);
    await ann.ask(CancelCampaign, { id });
    const isCancelled = ({ job }: typeof draft) => job?.status === 'CANCELLED';
    expect(await waitForCampaign(ann, id, isCancelled)).toMatchObject({
      progress: { leads: 11_999, cancelled: 11_999 },
    });
  }, 120_000);

  it('is started, paused and cancelled while they are added', async () => {
    const server = await processes.start('server');
    const ann = await server.user();
    await makeLeads(ann, 3_000);
    const [paused, cancelled, ended] = [await create(ann), await create(ann), await create(ann)];
    for (const id of [paused, cancelled]) await ann.ask(StartCampaign, { id });
    await ann.ask(PauseCampaign, { id: paused });
    await ann.ask(CancelCampaign, { id: cancelled });
    const { job } = await campaignOf(ann, ended);
    await ann.ask(Cancel, { id: job?.id });
    expect((await ann.send(Retry, { id: job?.id })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    await processes.start('worker');
    await waitForLeads(ann, paused, (count) => count === 3_000);
    expect(await campaignOf(ann, paused)).toMatchObject({
      status: 'PAUSED',
      progress: { leads: 3_000, pending: 3_000 },
    });
    for (const id of [cancelled, ended])
      expect(await campaignOf(ann, id)).toMatchObject({
        status: 'CANCELLED',
        progress: { leads: 3_000, cancelled: 3_000 },
      });
    expect(await rowsOf('calls')).toBe(0);
  }, 60_000);

  it('goes with its owner, who is erased while they are added', async () => {
    const server = await processes.start('server');
    await processes.start('worker');
    const ann = await server.user();
    await makeLeads(ann, 5_000);
    const id = await create(ann);
    await waitForLeads(ann, id, (count) => count > 1_000);
    const { eraseUser } = await ann.ask(EraseUser, { input: { userId: ann.id, dryRun: false } });
    const job = await followToEnd(server.admin, eraseUser?.job?.id as string);
    expect(job.status).toBe('SUCCEEDED');
    const left = `owner_id NOT IN (SELECT id FROM users)`;
    expect([await rowsOf(`campaigns WHERE ${left}`), await rowsOf(`leads WHERE ${left}`)]).toEqual([0, 0]);
    const orphans = 'campaign_id NOT IN (SELECT id FROM campaigns)';
    for (const table of ['campaign_leads', 'campaign_lead_slices'])
      expect(await rowsOf(`${table} WHERE ${orphans}`)).toBe(0);
  }, 120_000);
});

describe('a campaign of many leads on the embedded database', () => {
  const processes = useProcesses({ on: 'embedded', env: ENV });

  it('has all of them after its process was killed', async () => {
    const first = await processes.start();
    const ann = await first.user();
    const rows = Array.from({ length: 4_000 }, (_, n) => `ליד ${n},05223${String(10_000 + n)}`);
    const headers = { authorization: `Bearer ${ann.key}`, 'content-type': 'text/csv' };
    const body = `שם,טלפון\n${rows.join('\n')}\n`;
    expect((await fetch(`${first.url}/leads?defaultLanguage=he`, { method: 'POST', headers, body })).status).toBe(200);
    const id = await create(ann);
    first.kill('SIGKILL');
    const owner = (await processes.start()).as(ann);
    await waitForLeads(owner, id, (count) => count === 4_000);
    expect((await campaignOf(owner, id)).progress).toMatchObject({ leads: 4_000, pending: 4_000 });
  }, 120_000);
});
