/**
 * Parley beside what a user would pick instead, and beside the limit, on one PostgreSQL database (BENCH_DATABASE_URL), over 50
 * connections: `npm run bench:peers`. One contestant is alive at a time, each round has its own order, and none is measured
 * that does not answer the same as the others. Prints a table of medians for each scenario.
 *
 * BENCH_USERS users (1,000 by default) have 1,000 messages and 100 memories each; ROUNDS and SECONDS say how long it measures,
 * SCENARIOS which, as `Q1,M1 hot,S1`, and BENCH_SOCKETS how many sockets follow the conversation of S1.
 */
import pg from 'pg';
import { checkAnswers } from './support/check-answers.ts';
import { CONTESTANTS, type Contestant } from './support/contestants.ts';
import { makeDatabase } from './support/database.ts';
import { type FanOut, measureFanOut } from './support/fan-out.ts';
import { CONNECTIONS, type Measure, measure, median, medianOf, requestOf } from './support/measure.ts';
import { installPeers } from './support/peers-package.ts';
import { recordSearches } from './support/record-searches.ts';
import { SCENARIOS, type Scenario } from './support/scenarios.ts';
import { seed, seedMemories, type Target, targets } from './support/seed.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const CHOSEN = process.env.SCENARIOS?.split(',');
const SOCKETS = Number(process.env.BENCH_SOCKETS ?? 3_000);
const EVENTS = 10;

const isChosen = (key: string) => CHOSEN?.includes(key) ?? true;

installPeers();
const database = await makeDatabase();
try {
  await seed(database.url);
  await seedMemories(database.url);
  const all = await recordSearches(database.url, await targets(database.url, CONNECTIONS));
  for (const scenario of SCENARIOS.filter(({ key }) => isChosen(key))) await compete(scenario, all);
  if (isChosen('S1')) await competeInFanOut(all[0] as Target);
} finally {
  await database.drop();
}

async function compete(scenario: Scenario, all: Target[]): Promise<void> {
  const contestants = CONTESTANTS.filter(({ operations }) => operations[scenario.key]);
  const measures = await inRounds(contestants, (contestant) => measureOne(contestant, scenario, all));
  const rows = contestants.map((contestant) => [contestant.name, median(measures.get(contestant) ?? [])] as const);
  const limit = rows[0]?.[1] as Measure;
  print(`${scenario.key}: ${scenario.name}`, [
    'requests/s',
    'of the limit',
    'p50 ms',
    'p99 ms',
    'CPU µs',
    "limit's CPU / its",
    'CPU µs of PostgreSQL',
  ]);
  for (const [name, { requests, p50, p99, cpuUs, databaseCpuUs, failed }] of rows)
    printRow(failed ? `${name} (${failed} FAILED)` : name, [
      Math.round(requests),
      (requests / limit.requests).toFixed(2),
      Math.round(p50),
      Math.round(p99),
      Math.round(cpuUs),
      (limit.cpuUs / cpuUs).toFixed(2),
      Math.round(databaseCpuUs),
    ]);
}

async function measureOne(contestant: Contestant, scenario: Scenario, all: Target[]): Promise<Measure> {
  const { query, variables } = contestant.operations[scenario.key] as NonNullable<Contestant['operations']['Q1']>;
  const asking = scenario.hot ? all.slice(0, 1) : all;
  const server = await contestant.start(scenario.key, database.env);
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  try {
    await checkAnswers(contestant, server, scenario, asking, pool);
    return await measure(
      server,
      asking.map((target) => requestOf(query, variables(target), target)),
      database.url,
    );
  } finally {
    await pool.end();
    await server.stop();
  }
}

async function competeInFanOut(target: Target): Promise<void> {
  const contestants = CONTESTANTS.filter(({ follow }) => follow);
  const measures = await inRounds(contestants, async (contestant) => {
    const server = await contestant.start('S1', database.env);
    try {
      return await measureFanOut(server, contestant, target, { sockets: SOCKETS, messages: EVENTS });
    } finally {
      await server.stop();
    }
  });
  print(`S1: one event to ${SOCKETS} sockets`, ['CPU µs a delivery', 'p50 ms', 'p99 ms']);
  for (const contestant of contestants) {
    const middle = (by: keyof FanOut) => medianOf((measures.get(contestant) ?? []).map((one) => one[by]));
    printRow(contestant.name, [middle('cpuUs').toFixed(1), Math.round(middle('p50')), Math.round(middle('p99'))]);
  }
}

/** Measures every contestant once a round, in an order of the round's own. */
async function inRounds<Result>(
  contestants: readonly Contestant[],
  measureIt: (contestant: Contestant) => Promise<Result>,
): Promise<Map<Contestant, Result[]>> {
  const results = new Map(contestants.map((contestant) => [contestant, [] as Result[]]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const contestant of shuffle(contestants)) results.get(contestant)?.push(await measureIt(contestant));
  return results;
}

/** Returns the entries in random order (Fisher and Yates). */
function shuffle<Entry>(entries: readonly Entry[]): Entry[] {
  const shuffled = [...entries];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] as Entry, shuffled[last] as Entry];
  }
  return shuffled;
}

function print(title: string, columns: string[]): void {
  console.log(`\n${title}\n\n| | ${columns.join(' | ')} |\n|---|${'---|'.repeat(columns.length)}`);
}

function printRow(name: string, cells: (string | number)[]): void {
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
