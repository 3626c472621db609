/**
 * How long `npm start` takes until `/health/ready` says so: with a fresh embedded database, and with one that is there. Prints
 * the time, and the CPU time of the process, of each start and their medians.
 *
 *   node bench/start-up.ts [starts]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createDataDirectory, type TestDatabase } from '../test/support/databases.ts';
import { fetchStatus, startParley } from '../test/support/parley.ts';
import { medianOf } from './support/measure.ts';
import { cpuSecondsOfProcess } from './support/process-cpu.ts';

const [starts = 5] = process.argv.slice(2).map(Number);

type Start = { seconds: number; cpuSeconds: number };

await report('on a fresh embedded database', 5, async () => {
  const database = createDataDirectory();
  const started = await start(database);
  await database.drop();
  return started;
});
const existing = createDataDirectory();
await start(existing);
await report('on an existing embedded database', 2, () => start(existing));
await existing.drop();

async function report(where: string, goalSeconds: number, startOnce: () => Promise<Start>): Promise<void> {
  const all: Start[] = [];
  while (all.length < starts) all.push(await startOnce());
  const middle = (by: keyof Start) => medianOf(all.map((one) => one[by])).toFixed(2);
  const each = all.map(({ seconds }) => seconds.toFixed(2)).join(', ');
  console.log(
    `ready ${where}: ${middle('seconds')} s, ${middle('cpuSeconds')} s of CPU (goal ${goalSeconds} s; ${each})`,
  );
}

/** Starts a process, waits until it is ready, and stops it. */
async function start({ env }: TestDatabase): Promise<Start> {
  const startedAt = performance.now();
  const parley = await startParley(env);
  while ((await fetchStatus(parley, '/health/ready')) !== 200) await sleep(10);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuSeconds = cpuSecondsOfProcess(parley.process.pid as number);
  await parley.stop();
  return { seconds, cpuSeconds };
}
