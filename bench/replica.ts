/**
 * What a replica takes off the primary: the same queries without DATABASE_REPLICA_URL and with it, by turns, on servers of
 * PostgreSQL that it starts itself. Prints the CPU time of the primary's sessions for 1,000 requests, and the share that was read
 * from the replica. ROUNDS and SECONDS say how long it measures.
 *
 *   node bench/replica.ts [users]
 */

import pg from 'pg';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { bearer, httpRequest } from '../test/support/http.ts';
import { ADMIN_KEY } from '../test/support/parley.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { parley } from './support/contestants.ts';
import { type Measure, measure, median, requestOf } from './support/measure.ts';
import { SCENARIOS, type Scenario } from './support/scenarios.ts';
import { seed, seedMemories, type Target, targets } from './support/seed.ts';

const [users = 100] = process.argv.slice(2).map(Number);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const ASKING = 50;
const MEASURED = ['Q1', 'Q2', 'Q3'];

const primary = await startPostgres();
try {
  const pool = new pg.Pool({ connectionString: primary.url });
  await migrate(pool);
  await pool.end();
  await seed(primary.url, { to: users });
  await seedMemories(primary.url, users);
  const replica = await primary.startReplica();
  const asking = await targets(primary.url, ASKING);
  console.log(`${users} users, ${ASKING} of whom ask; the response cache is off:`);
  for (const key of MEASURED) {
    const scenario = SCENARIOS.find((each) => each.key === key) as Scenario;
    await compare(scenario, asking, replica.url);
  }
} finally {
  await primary.stop();
}
process.exit();

async function compare(scenario: Scenario, asking: Target[], replicaUrl: string): Promise<void> {
  const [alone, relieved]: [Measure[], Measure[]] = [[], []];
  const shares: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push((await measureWith({}, scenario, asking)).measured);
    const { measured, share } = await measureWith({ DATABASE_REPLICA_URL: replicaUrl }, scenario, asking);
    relieved.push(measured);
    shares.push(share);
  }
  const [before, after] = [median(alone), median(relieved)];
  console.log(`${scenario.key}, ${scenario.name}: ${show(before)}; with a replica ${show(after)}`);
  const share = Math.round(100 * Math.min(...shares));
  const ratio = (by: keyof Measure) => (after[by] / before[by]).toFixed(2);
  console.log(
    `  ${share} % read from the replica, CPU of the primary × ${ratio('databaseCpuUs')}, of the server × ${ratio('cpuUs')}, p50 × ${ratio('p50')}`,
  );
}

async function measureWith(
  env: Record<string, string>,
  { key, operation, variables }: Scenario,
  asking: Target[],
): Promise<{ measured: Measure; share: number }> {
  const server = await parley.start(key, { DATABASE_URL: primary.url, ...env });
  try {
    const asked = (target: Target) => (key === 'Q3' ? { query: 'somebody who walks home' } : variables(target));
    const requests = asking.map((target) => requestOf(operation, asked(target), target));
    const measured = await measure(server, requests, primary.url);
    return { measured, share: await readShare(server.url) };
  } finally {
    await server.stop();
  }
}

/** Of the queries that may be read from a replica, how many were, from 0 to 1. */
async function readShare(url: string): Promise<number> {
  const { text } = await httpRequest(`${url}/metrics`, { headers: bearer(ADMIN_KEY) });
  const read = (place: string) =>
    Number(new RegExp(`^parley_replica_reads_total{place="${place}"} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return read('replica') / (read('replica') + read('primary'));
}

function show({ requests, p50, cpuUs, databaseCpuUs, failed }: Measure): string {
  const perThousand = Math.round(databaseCpuUs); // µs a request are ms a thousand
  const measured = `${perThousand} ms of the primary for 1,000, ${Math.round(cpuUs)} ms of the server, ${Math.round(requests)} requests/s, p50 ${p50} ms`;
  return failed ? `${measured}, ${failed} FAILED` : measured;
}
