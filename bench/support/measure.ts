import autocannon from 'autocannon';
import pg from 'pg';
import { ADMIN_KEY } from '../../test/support/parley.ts';
import { cpuSecondsOfProcess } from './process-cpu.ts';
import type { Target } from './seed.ts';
import type { Running } from './servers.ts';

/** How long each measurement takes; a quarter as long, and 2 s at least, warms the server up before. */
const SECONDS = Number(process.env.SECONDS ?? 5);

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
  /** The same of PostgreSQL's processes that serve it; NaN where they are on another machine. */
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
  await fire(Math.max(2, SECONDS / 4));
  const [cpuBefore, backendsBefore] = [cpuSecondsOfProcess(server.pid), await cpuSecondsOfBackends(databaseUrl)];
  const { requests: rate, latency, non2xx, errors } = await fire(SECONDS);
  const [cpuAfter, backendsAfter] = [cpuSecondsOfProcess(server.pid), await cpuSecondsOfBackends(databaseUrl)];
  const ofDatabase = [...backendsAfter].reduce((sum, [pid, cpu]) => sum + cpu - (backendsBefore.get(pid) ?? 0), 0);
  return {
    requests: rate.average,
    p50: latency.p50,
    p99: latency.p99,
    failed: non2xx + errors,
    cpuUs: (1e6 * (cpuAfter - cpuBefore)) / rate.total,
    databaseCpuUs: (1e6 * ofDatabase) / rate.total,
  };
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

/** Returns the measurement that has the median of the rates, with the medians of the CPU times. */
export function median(measures: readonly Measure[]): Measure {
  const middle = (by: keyof Measure) =>
    measures.toSorted((a, b) => a[by] - b[by])[Math.floor(measures.length / 2)] as Measure;
  const failed = measures.reduce((sum, one) => sum + one.failed, 0);
  return {
    ...middle('requests'),
    cpuUs: middle('cpuUs').cpuUs,
    databaseCpuUs: middle('databaseCpuUs').databaseCpuUs,
    failed,
  };
}
