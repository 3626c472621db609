import { makeDatabase } from './support/database.ts';
import { CONNECTIONS, type Measure, measure, median, requestOf } from './support/measure.ts';
import { recordSearches } from './support/record-searches.ts';
import { SCENARIOS, type Scenario } from './support/scenarios.ts';
import { seed, seedMemories, type Target, targets } from './support/seed.ts';
import { type Running, startScript, startServer } from './support/servers.ts';

// `npm run bench`: Parley beside a bare node:http server that answers the same by one statement, in alternating rounds with
// one server alive at a time, at 50 connections. Prints requests a second, latencies and the ratio of the two.
// BENCH_DATABASE_URL names a PostgreSQL to make a database on; SECONDS and ROUNDS say how long it measures, SCENARIOS which,
// as `0,1`, and BENCH_USERS how many users there are. Also prints how much of a core each server took for a request.

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const CHOSEN = process.env.SCENARIOS?.split(',').map(Number);

async function main(): Promise<void> {
  const database = await makeDatabase();
  try {
    await seed(database.url);
    await seedMemories(database.url);
    const all = await recordSearches(database.url, await targets(database.url, CONNECTIONS));
    for (const [index, scenario] of SCENARIOS.entries())
      if (CHOSEN?.includes(index) ?? true) await compare(index, scenario, database.env, all);
  } finally {
    await database.drop();
  }
}

type Env = Record<string, string>;

async function compare(index: number, scenario: Scenario, env: Env, all: Target[]): Promise<void> {
  const { name, goal, operation, variables, hot, cached } = scenario;
  const requests = all.slice(0, hot ? 1 : undefined).map((one) => requestOf(operation, variables(one), one));
  const parley: Measure[] = [];
  const bare: Measure[] = [];
  const add = async (measures: Measure[], server: Running) => {
    measures.push(await measure(server, requests, env.DATABASE_URL as string));
    await server.stop();
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    await add(bare, await startScript('bench/support/bare-server.ts', [String(index)], env));
    await add(parley, await startServer({ env }, { cached }));
  }
  const [ours, theirs] = [median(parley), median(bare)];
  const ratio = ours.requests / theirs.requests;
  const verdict = ratio >= goal ? 'reached' : 'NOT reached';
  process.stdout.write(
    `${name}\n  bare    ${show(theirs)}\n  Parley  ${show(ours)}\n  ratio ${ratio.toFixed(2)} (goal ${goal}: ${verdict})\n`,
  );
}

const show = ({ requests, p50, p99, failed, cpuUs }: Measure) =>
  `${Math.round(requests)} requests/s, p50 ${p50} ms, p99 ${p99} ms, ${Math.round(cpuUs)} µs of CPU${failed ? `, ${failed} FAILED` : ''}`;

await main();
