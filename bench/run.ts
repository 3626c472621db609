import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { ADMIN_KEY, startParley } from '../test/support/parley.ts';
import { makeDatabase } from './support/database.ts';
import { cpuSecondsOfProcess } from './support/process-cpu.ts';
import { SCENARIOS, type Scenario } from './support/scenarios.ts';
import { seed, type Target, targets } from './support/seed.ts';

// `npm run bench`: Parley beside a bare node:http server that answers the same by one statement, in alternating rounds with
// one server alive at a time, at 50 connections. Prints requests a second, latencies and the ratio of the two.
// BENCH_DATABASE_URL names a PostgreSQL to make a database on; SECONDS and ROUNDS say how long it measures, SCENARIOS which,
// as `0,1`, and BENCH_USERS how many users there are. Also prints how much of a core each server took for a request.

const SECONDS = Number(process.env.SECONDS ?? 5);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const CONNECTIONS = 50;
const CHOSEN = process.env.SCENARIOS?.split(',').map(Number);

type Measure = { requests: number; p50: number; p99: number; failed: number; cpuMs: number };
type Running = { url: string; pid: number; stop(): Promise<unknown> };

async function main(): Promise<void> {
  const { url, drop } = await makeDatabase();
  try {
    await seed(url);
    const all = await targets(url, CONNECTIONS);
    for (const [index, scenario] of SCENARIOS.entries())
      if (CHOSEN?.includes(index) ?? true) await compare(index, scenario, url, all);
  } finally {
    await drop();
  }
}

async function compare(index: number, scenario: Scenario, databaseUrl: string, all: Target[]): Promise<void> {
  const parley: Measure[] = [];
  const bare: Measure[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await measure(await startBare(index, databaseUrl), scenario, all));
    parley.push(await measure(await startOurs(databaseUrl, scenario), scenario, all));
  }
  const [ours, theirs] = [median(parley), median(bare)];
  const ratio = ours.requests / theirs.requests;
  const verdict = ratio >= scenario.goal ? 'reached' : 'NOT reached';
  process.stdout.write(
    `${scenario.name}\n  bare    ${show(theirs)}\n  Parley  ${show(ours)}\n  ratio ${ratio.toFixed(2)} (goal ${scenario.goal}: ${verdict})\n`,
  );
}

/** The same requests go to both: each connection's user asks about a conversation of their own. */
function requestOf({ operation, variables }: Scenario, target: Target) {
  return {
    method: 'POST' as const,
    path: '/graphql',
    body: JSON.stringify({ query: operation, variables: variables(target) }),
    headers: {
      'content-type': 'application/json',
      'x-act-as': target.username,
      authorization: `Bearer ${ADMIN_KEY}`,
    },
  };
}

async function measure(server: Running, scenario: Scenario, all: Target[]): Promise<Measure> {
  const requests = (scenario.hot ? all.slice(0, 1) : all).map((target) => requestOf(scenario, target));
  const cannon = (duration: number) => autocannon({ url: server.url, connections: CONNECTIONS, duration, requests });
  await cannon(2); // warm
  const cpuBefore = cpuSecondsOfProcess(server.pid);
  const result = await cannon(SECONDS);
  const cpuMs = (1_000 * (cpuSecondsOfProcess(server.pid) - cpuBefore)) / result.requests.total;
  await server.stop();
  const { requests: rate, latency, non2xx, errors } = result;
  return { requests: rate.average, p50: latency.p50, p99: latency.p99, failed: non2xx + errors, cpuMs };
}

const show = ({ requests, p50, p99, failed, cpuMs }: Measure) =>
  `${Math.round(requests)} requests/s, p50 ${p50} ms, p99 ${p99} ms, ${Math.round(cpuMs * 1_000)} µs of CPU${failed ? `, ${failed} FAILED` : ''}`;

function median(measures: Measure[]): Measure {
  return measures.toSorted((a, b) => a.requests - b.requests)[Math.floor(measures.length / 2)] as Measure;
}

async function startOurs(databaseUrl: string, { cached }: Scenario): Promise<Running> {
  const env = {
    DATABASE_URL: databaseUrl,
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    RATE_LIMIT_POINTS: '1000000000',
    RESPONSE_CACHE_MB: cached ? '32' : '0',
  };
  const { url, process: child, stop } = await startParley(env, 'server');
  return { url, pid: child.pid as number, stop };
}

async function startBare(index: number, databaseUrl: string): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, ['bench/support/bare-server.ts', String(index)], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(createInterface(child.stdout as NodeJS.ReadableStream), 'line');
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

await main();
