/**
 * What becomes of a server as its database grows: two queries and a mutation, of the same ten users, in a database of 10,000
 * messages and in a large one, by turns. Prints the medians and the ratios. On PostgreSQL (BENCH_DATABASE_URL); ROUNDS and
 * SECONDS say how long it measures.
 *
 *   node bench/growth.ts [messages]
 */
import type { TestDatabase } from '../test/support/databases.ts';
import { parley } from './support/contestants.ts';
import { makeDatabase } from './support/database.ts';
import { type Measure, measure, median, requestOf } from './support/measure.ts';
import { SCENARIOS, type Scenario } from './support/scenarios.ts';
import { MESSAGES_EACH, seed, targets } from './support/seed.ts';

const [messages = 5_000_000] = process.argv.slice(2).map(Number);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const ASKING = 10;
/** Users are added by so many at once: a statement that writes all messages would keep their words in memory. */
const USERS_AT_ONCE = 500;

const [small, large] = [await makeDatabase(), await makeDatabase()];
try {
  await seed(small.url, { to: ASKING });
  await grow(large, messages / MESSAGES_EACH);
  console.log(`${ASKING * MESSAGES_EACH} messages and ${messages}:`);
  for (const scenario of SCENARIOS.filter(({ key }) => ['Q1', 'Q2', 'M1 distinct'].includes(key)))
    await compare(scenario);
} finally {
  await Promise.all([small.drop(), large.drop()]);
}

async function grow({ url }: TestDatabase, users: number): Promise<void> {
  for (let from = 1; from <= users; from += USERS_AT_ONCE)
    await seed(url, { from, to: Math.min(users, from + USERS_AT_ONCE - 1) });
}

async function compare(scenario: Scenario): Promise<void> {
  const [inSmall, inLarge]: [Measure[], Measure[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    inSmall.push(await measureIn(small, scenario));
    inLarge.push(await measureIn(large, scenario));
  }
  const [before, after] = [median(inSmall), median(inLarge)];
  const ratio = (by: keyof Measure) => (after[by] / before[by]).toFixed(2);
  console.log(`${scenario.name}: ${show(before)}; then ${show(after)}`);
  console.log(
    `  requests × ${ratio('requests')}, p50 × ${ratio('p50')}, CPU of the server × ${ratio('cpuUs')}, of PostgreSQL × ${ratio('databaseCpuUs')}`,
  );
}

async function measureIn(database: TestDatabase, { key, operation, variables }: Scenario): Promise<Measure> {
  const asking = await targets(database.url, ASKING);
  const server = await parley.start(key, database.env);
  try {
    return await measure(
      server,
      asking.map((target) => requestOf(operation, variables(target), target)),
      database.url,
    );
  } finally {
    await server.stop();
  }
}

function show({ requests, p50, cpuUs, databaseCpuUs, failed }: Measure): string {
  const measured = `${Math.round(requests)} requests/s, p50 ${p50} ms, ${Math.round(cpuUs)} µs of CPU, PostgreSQL ${Math.round(databaseCpuUs)} µs`;
  return failed ? `${measured}, ${failed} FAILED` : measured;
}
