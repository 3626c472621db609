import pg from 'pg';
import { expect, it } from 'vitest';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { makeCampaign } from '../support/campaigns.ts';
import { freePort } from '../support/free-port.ts';
import { StartCampaign } from '../support/operations.ts';
import { OF_THIS_DATABASE, sql } from '../support/sql.ts';
import { useTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const PER_SECOND = 10;
const CALLS = 16;
/** By how much timers may be early, in milliseconds. */
const TIMER_MS = 5;

const twilio = await useTwilioServer();
const processes = useProcesses({ env: { ...OPEN_ALL_HOURS, ...twilio.env, CALLS_PER_SECOND: String(PER_SECOND) } });

it('processes that have calls ready together still ask for no more a second than they may', async () => {
  const PORT = String(await freePort());
  const started = [processes.start('server', { PORT }), processes.start('worker'), processes.start('worker')] as const;
  const [server] = await Promise.all(started);
  server.url = `http://127.0.0.1:${PORT}`;
  const ann = await server.user();
  const id = await makeCampaign(ann, CALLS, { maxConcurrentCalls: CALLS });
  // What every claim of hers waits for: two workers have four calls each in hand.
  const holder = new pg.Client({ connectionString: processes.database.url });
  await holder.connect();
  await holder.query(`SELECT pg_advisory_lock(hashtext('parley:call-minutes:' || owner_id)) FROM campaigns`);
  await ann.ask(StartCampaign, { id });
  await until(
    () =>
      sql(
        processes.database,
        `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND ${OF_THIS_DATABASE}`,
      ),
    (waiting) => waiting.length >= 8,
  );
  expect(twilio.asked).toEqual([]);
  const releasedAt = Date.now();
  await holder.end();
  await until(
    async () => twilio.asked.length,
    (length) => length === CALLS,
  );
  for (const [index, { at }] of twilio.asked.entries())
    expect(at.getTime() - releasedAt).toBeGreaterThanOrEqual((index * 1_000) / PER_SECOND - TIMER_MS);
});
