import autocannon from 'autocannon';
import pg from 'pg';
import { ADMIN_KEY } from '../../test/support/parley.ts';
import { cpuSecondsOfProcess } from './process-cpu.ts';
import type { Target } from './seed.ts';
import type { Running } from './servers.ts';

/** How long each measurement takes. */
const SECONDS = Number(process.env.SECONDS ?? 5);

/**
 * A server is warmed up by so many requests, by when V8 has compiled what they run; on a busy machine that takes a slow one long,
 * so there is an end to it.
 */
const WARM_UP = { requests: 10_000, maxSeconds: 10 };

export const CONNECTIONS = 50;

export type Measure = {
  /** Requests a second. */
  requests: number;
  /** Milliseconds until the median request was answered, and all but one in a hundred. */
  p50: number;
  p99: number;
  failed: number;
  /** CPU time of the server's process for a request, in microseconds. */
  cpuUs: number;
  /** The same of PostgreSQL's processes that serve it; NaN where they are on another machine. Both are NaN where nothing was answered. */
  databaseCpuUs: number;
};

export type Request = { body: string; headers: Record<string, string> };

/** The request by which a user asks: the same to every server, which takes of its headers what it knows. */
export function requestOf(query: string, variables: Record<string, unknown>, { username }: Target): Request {
  return {
    body: JSON.stringify({ query, variables }),
    headers: { 'content-type': 'application/json', 'x-act-as': username, authorization: `Bearer ${ADMIN_KEY}` },
  };
}

/** Warms a server up with requests over 50 connections, measures it with the same, and leaves it running. */
export async function measure(server: Running, requests: readonly Request[], databaseUrl: string): Promise<Measure> {
  const fired = requests.map((request) => ({ method: 'POST' as const, path: '/graphql', ...request }));
  const fire = (duration: number) =>
    autocannon({ url: server.url, connections: CONNECTIONS, duration, requests: fired });
  await warmUp(fire);
  const [cpuBefore, backendsBefore] = [cpuSecondsOfProcess(server.pid), await cpuSecondsOfBackends(databaseUrl)];
  const { requests: rate, latency, non2xx, errors } = await fire(SECONDS);
  const [cpuAfter, backendsAfter] = [cpuSecondsOfProcess(server.pid), await cpuSecondsOfBackends(databaseUrl)];
  const ofDatabase = [...backendsAfter].reduce((sum, [pid, cpu]) => sum + cpu - (backendsBefore.get(pid) ?? 0), 0);
  const perRequest = (seconds: number) => (rate.total === 0 ? Number.NaN : (1e6 * seconds) / rate.total);
  return {
    requests: rate.average,
    p50: latency.p50,
    p99: latency.p99,
    failed: non2xx + errors,
    cpuUs: perRequest(cpuAfter - cpuBefore),
    databaseCpuUs: perRequest(ofDatabase),
  };
}

async function warmUp(fire: (seconds: number) => PromiseLike<autocannon.Result>): Promise<void> {
  const endsAt = performance.now() + 1_000 * WARM_UP.maxSeconds;
  let answered = 0;
  while (answered < WARM_UP.requests && performance.now() < endsAt) answered += (await fire(2)).requests.total;
}

/** Returns the CPU time of each of PostgreSQL's processes that has a connection to the database, by process id. */
async function cpuSecondsOfBackends(connectionString: string): Promise<Map<number, number>> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await client.end();
  return new Map(rows.map(({ pid }) => [pid, cpuSecondsOfProcess(pid)]));
}

/** Returns the medians of what was measured, and all that failed. */
export function median(measures: readonly Measure[]): Measure {
  const middle = (by: keyof Measure) => medianOf(measures.map((one) => one[by]));
  return {
    requests: middle('requests'),
    p50: middle('p50'),
    p99: middle('p99'),
    failed: measures.reduce((sum, { failed }) => sum + failed, 0),
    cpuUs: middle('cpuUs'),
    databaseCpuUs: middle('databaseCpuUs'),
  };
}

/** Returns the number in the middle, or what lies between the two that are there, without those that are NaN; NaN of none. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.filter((number) => !Number.isNaN(number)).toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? Number.NaN) + (sorted[Math.ceil(at)] ?? Number.NaN)) / 2;
}
