/**
 * How much of what requests allocate outlives the scavenges of V8's young generation, and how long those take:
 * `node bench/survivors.ts`, on the PostgreSQL of BENCH_DATABASE_URL. Of small requests next to nothing should survive; where a tenth
 * does, something keeps requests that have ended (docs/performance.md). BENCH_USERS, SECONDS and SCENARIOS as for the other benchmarks.
 */
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDatabase } from './support/database.ts';
import { CONNECTIONS, measure, requestOf } from './support/measure.ts';
import { SCENARIOS, type Scenario } from './support/scenarios.ts';
import { seed, type Target, targets } from './support/seed.ts';
import { startServer } from './support/servers.ts';

const CHOSEN = (process.env.SCENARIOS ?? 'Q4,Q1,Q2,M1 distinct').split(',');

/** A scavenge: sizes of the heap in MB, and its pause. */
type Scavenge = { before: number; after: number; pauseMs: number };

const database = await makeDatabase();
try {
  await seed(database.url);
  const all = await targets(database.url, CONNECTIONS);
  process.stdout.write('| | CPU µs a request | scavenges | survived | pause of each, ms |\n|---|---|---|---|---|\n');
  for (const scenario of SCENARIOS.filter(({ key }) => CHOSEN.includes(key))) await report(scenario, all);
} finally {
  await database.drop();
}

async function report({ key, operation, variables }: Scenario, all: Target[]): Promise<void> {
  const gcLog = join(tmpdir(), `parley-gc-${process.pid}.log`);
  const server = await startServer(database, { gcLog });
  const requests = all.map((target) => requestOf(operation, variables(target), target));
  await measure(server, requests, database.url); // some of what V8 makes of a start survives
  const seen = readScavenges(gcLog).length;
  const { cpuUs } = await measure(server, requests, database.url);
  const scavenges = readScavenges(gcLog).slice(seen);
  await server.stop();
  rmSync(gcLog);
  const pauses = scavenges.reduce((sum, { pauseMs }) => sum + pauseMs, 0);
  const figures = [cpuUs.toFixed(0), scavenges.length, `${(100 * survivedPart(scavenges)).toFixed(1)} %`];
  process.stdout.write(`| ${[key, ...figures, (pauses / scavenges.length).toFixed(2)].join(' | ')} |\n`);
}

/** Returns which part of what was allocated between scavenges was still there after the later one. */
function survivedPart(scavenges: readonly Scavenge[]): number {
  let [allocated, survived] = [0, 0];
  for (const [index, { before, after }] of scavenges.entries()) {
    const previous = scavenges[index - 1];
    if (!previous || before < previous.after) continue; // a full collection came between them
    allocated += before - previous.after;
    survived += Math.max(0, after - previous.after);
  }
  return survived / allocated;
}

function readScavenges(gcLog: string): Scavenge[] {
  const lines = readFileSync(gcLog, 'utf8').matchAll(
    /Scavenge ([\d.]+) \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB, (?:pooled: \d+ MB, )?([\d.]+) \//g,
  );
  return Array.from(lines, ([, before, after, pause]) => ({
    before: Number(before),
    after: Number(after),
    pauseMs: Number(pause),
  }));
}
