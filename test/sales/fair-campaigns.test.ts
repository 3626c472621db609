import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { makeCallable, OPEN_ALL_HOURS } from '../support/calls.ts';
import { makeCampaign, waitForCampaign } from '../support/campaigns.ts';
import { CallLead, Calls, StartCampaign } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const PLACES = 4;
const SHORT = { ...OPEN_ALL_HOURS, CALL_MAX_SECONDS: '30', SIMULATED_CALL_SPEED: '200' };
const app = useParley({ env: { ...SHORT, MAX_CONCURRENT_CALLS: String(PLACES) } });

it('campaigns of two users share the places for calls, whoever came first', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  const many = { maxAttempts: 1, maxConcurrentCalls: 20 };
  const [large, small] = [await makeCampaign(ann, 28, many), await makeCampaign(bob, 6, many)];
  await ann.ask(StartCampaign, { id: large });
  await waitForCampaign(ann, large, ({ progress }) => progress.inProgress === PLACES);
  await bob.ask(StartCampaign, { id: small });
  await waitForCampaign(bob, small, ({ status }) => status === 'COMPLETED');
  await waitForCampaign(ann, large, ({ status }) => status === 'COMPLETED');
  const [later] = await sql<{ calls: number }>(
    app.database,
    `SELECT count(*)::int AS calls FROM calls WHERE campaign_id = $1
     AND dialled_at > (SELECT max(ended_at) FROM calls WHERE campaign_id = $2)`,
    [large, small].map((id) => Buffer.from(id, 'base64url').toString().slice('Campaign:'.length)),
  );
  expect(later?.calls).toBeGreaterThan(10);
  const [{ most } = { most: 0 }] = await sql<{ most: number }>(
    app.database,
    `SELECT max((SELECT count(*) FROM calls o WHERE o.queued_at <= c.queued_at AND o.ended_at > c.queued_at))::int AS most FROM calls c`,
  );
  expect(most).toBeLessThanOrEqual(PLACES);
}, 120_000);

describe('calls of no campaign', () => {
  const slow = useParley({
    env: { ...SHORT, MAX_CONCURRENT_CALLS: '2', SIMULATED_CALL_SPEED: '100', MAX_QUEUED_PER_USER: '12' },
  });

  it('share the places too, wait for them, and are bounded', async () => {
    const [ann, bob] = [await slow.user(), await slow.user()];
    const leads = await Promise.all(Array.from({ length: 30 }, () => makeCallable(ann)));
    const placed = await Promise.all(leads.map((leadId) => ann.send(CallLead, { input: { leadId } })));
    const codes = placed.flatMap(({ errors }) => errors ?? []).map(({ extensions }) => extensions?.code);
    expect(codes).toContain('QUEUE_FULL');
    expect(codes.filter((code) => code !== 'QUEUE_FULL' && code !== 'RATE_LIMITED')).toEqual([]); // on a busy machine, they wait for each other
    const id = await makeCampaign(bob, 3, { maxAttempts: 1 });
    await bob.ask(StartCampaign, { id });
    await waitForCampaign(bob, id, ({ status }) => status === 'COMPLETED');
    const waiting = await ann.ask(Calls, { filter: { statuses: ['QUEUED'] } });
    expect(waiting.calls.totalCount).toBeGreaterThan(0);
    await until(
      () => ann.ask(Calls, { filter: { statuses: ['QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS'] } }),
      ({ calls }) => calls.totalCount === 0,
    );
    const [{ most } = { most: 0 }] = await sql<{ most: number }>(
      slow.database,
      `SELECT max((SELECT count(*) FROM calls o WHERE o.dialled_at <= c.dialled_at AND o.ended_at > c.dialled_at))::int AS most FROM calls c`,
    );
    expect(most).toBe(2);
  }, 120_000);

  it('of one user are placed while those of another wait for a lead', async () => {
    const [ann, bob] = [await slow.user(), await slow.user()];
    const held = await makeCallable(ann);
    const holder = new pg.Client({ connectionString: slow.database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM leads WHERE id = $1 FOR UPDATE', [
      Buffer.from(held, 'base64url').toString().slice('Lead:'.length),
    ]);
    const waiting = ann.send(CallLead, { input: { leadId: held } });
    try {
      await until(
        () =>
          sql(
            slow.database,
            `SELECT FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%leads%'`,
          ),
        (waits) => waits.length > 0,
      );
      await bob.ask(CallLead, { input: { leadId: await makeCallable(bob) } });
      await holder.query('COMMIT');
    } finally {
      await holder.end();
    }
    expect((await waiting).errors).toBeUndefined();
  });
});
