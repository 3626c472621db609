import { describe, expect, it } from 'vitest';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { type campaignOf, makeCampaign, waitForCampaign } from '../support/campaigns.ts';
import { CampaignLeads, StartCampaign } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useProcesses } from '../support/use-parley.ts';

const ENV = {
  ...OPEN_ALL_HOURS,
  MAX_CONCURRENT_CALLS: '30',
  SIMULATED_CALL_SPEED: '2000',
  CALL_RING_SECONDS: '5',
  CALL_MAX_SECONDS: '30',
  JOB_LEASE_MS: '10000',
};

describe('a campaign of 200 leads whose processes are killed', () => {
  const processes = useProcesses({ on: 'postgres', env: ENV });

  it('accounts for every lead, and calls nobody twice', async () => {
    const [server, worker] = await Promise.all([processes.start('server'), processes.start('worker')]);
    const ann = await server.user();
    const id = await makeCampaign(ann, 200, { maxAttempts: 1, maxConcurrentCalls: 20 });
    await ann.ask(StartCampaign, { id });
    const isDone = (share: number) => (campaign: Awaited<ReturnType<typeof campaignOf>>) =>
      campaign.progress.percent >= share || campaign.status === 'COMPLETED';
    await waitForCampaign(ann, id, isDone(20));
    worker.kill('SIGKILL');
    await processes.start('worker');
    await waitForCampaign(ann, id, isDone(40));
    server.kill('SIGKILL');
    const owner = (await processes.start('server')).as(ann);
    const over = await waitForCampaign(owner, id, ({ status }) => status === 'COMPLETED');
    const { leads, reached, notReached, blocked } = over.progress;
    expect({ leads, sum: reached + notReached + blocked }).toEqual({ leads: 200, sum: 200 });
    const twice = await sql(
      processes.database,
      `SELECT lead_id FROM calls WHERE dialled_at IS NOT NULL GROUP BY lead_id HAVING count(*) > 1`,
    );
    expect(twice).toEqual([]);
    expect(await sql(processes.database, `SELECT id FROM calls WHERE ended_at IS NULL`)).toEqual([]);
  }, 240_000);
});

describe('a campaign on the embedded database', () => {
  const processes = useProcesses({ on: 'embedded', env: ENV });

  it('goes on after its process was killed, and calls nobody twice', async () => {
    const first = await processes.start();
    const ann = await first.user();
    const id = await makeCampaign(ann, 40, { maxAttempts: 1, maxConcurrentCalls: 10 });
    await ann.ask(StartCampaign, { id });
    await waitForCampaign(ann, id, ({ progress }) => progress.percent >= 20);
    first.kill('SIGKILL');
    const owner = (await processes.start()).as(ann);
    const over = await waitForCampaign(owner, id, ({ status }) => status === 'COMPLETED');
    expect(over.progress).toMatchObject({ leads: 40, pending: 0, inProgress: 0 });
    const { campaign } = await owner.ask(CampaignLeads, { id, first: 100 });
    for (const { node } of campaign?.leads.edges ?? []) expect(node.attempts).toBeLessThanOrEqual(1);
    expect(over.calls.totalCount).toBe(40);
  }, 120_000);
});
