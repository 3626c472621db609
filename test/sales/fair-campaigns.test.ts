import { expect, it } from 'vitest';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { campaignOf, makeCampaign, waitForCampaign } from '../support/campaigns.ts';
import { StartCampaign } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const PLACES = 4;
const app = useParley({ env: { ...OPEN_ALL_HOURS, MAX_CONCURRENT_CALLS: String(PLACES) } });

it('campaigns of two users share the places for calls, whoever came first', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  const many = { maxAttempts: 1, maxConcurrentCalls: 20 };
  const [large, small] = [await makeCampaign(ann, 40, many), await makeCampaign(bob, 6, many)];
  await ann.ask(StartCampaign, { id: large });
  await waitForCampaign(ann, large, ({ progress }) => progress.inProgress === PLACES);
  await bob.ask(StartCampaign, { id: small });
  await waitForCampaign(bob, small, ({ status }) => status === 'COMPLETED');
  expect((await campaignOf(ann, large)).progress.pending).toBeGreaterThan(10);
  await waitForCampaign(ann, large, ({ status }) => status === 'COMPLETED');
  const [{ most } = { most: 0 }] = await sql<{ most: number }>(
    app.database,
    `SELECT max((SELECT count(*) FROM calls o WHERE o.queued_at <= c.queued_at AND o.ended_at > c.queued_at))::int AS most FROM calls c`,
  );
  expect(most).toBeLessThanOrEqual(PLACES);
}, 60_000);
