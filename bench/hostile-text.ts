/**
 * What texts that are made to be slow, or are no texts, do in every input of the API: the server runs in this process with its
 * worker, on an embedded database (or on the server of BENCH_DATABASE_URL), and a thread sends it a valid call of every query and
 * mutation with one field replaced, and files to every upload.
 *
 *   node bench/hostile-text.ts [part of an input's name…]
 *
 * It prints where a call and what it began kept the event loop for more than 50 ms (`loop`, by perf_hooks; `turn` is the CPU time
 * of the thread in its longest turn, which other work on the machine does not change, `cpu` that of the process), took more than
 * two seconds, or failed by our fault. What is over is sent three times more, and the least is printed.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { OPEN_ALL_HOURS } from '../test/support/calls.ts';
import { ADMIN_KEY } from '../test/support/parley.ts';
import { attack, type Measured } from './support/hostile-attack.ts';
import { watchTurns } from './support/watch-turns.ts';

const PORT = Number(process.env.PORT ?? 4918);

if (isMainThread) await serve();
else {
  await attack(workerData);
  process.exit(); // of the thread: sockets of the preparations would keep it
}

async function serve(): Promise<void> {
  const { startApp } = await import('#app.ts');
  const { readConfig } = await import('#config/config.ts');
  const { openLog } = await import('#adapters/log.ts');
  const { chooseDatabase } = await import('./support/database.ts');
  const database = await chooseDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-hostile-'));
  const config = readConfig({
    ...{ DATA_DIR: dataDir, PORT: String(PORT), BOOTSTRAP_ADMIN_KEY: ADMIN_KEY, RATE_LIMIT_POINTS: '1000000000' },
    ...{ MAX_QUEUED_PER_USER: '100000', MAX_QUEUE_SIZE: '100000' },
    ...OPEN_ALL_HOURS,
    ...database.env,
  });
  const onLost = (error: Error) => {
    throw error;
  };
  const app = await startApp(
    config,
    { serves: true, works: true },
    { log: openLog(process.env.LOG_LEVEL ?? 'fatal'), onLost },
  );
  const url = `http://127.0.0.1:${PORT}`;
  const sender = new Worker(new URL(import.meta.url), {
    workerData: { url, wanted: process.argv.slice(2) },
  });
  let end: (() => Measured) | undefined;
  sender.on('message', () => {
    sender.postMessage(end?.() ?? 'began');
    end = end ? undefined : begin();
  });
  await once(sender, 'exit');
  await app.stop();
  await database.drop();
  rmSync(dataDir, { recursive: true });
}

function begin(): () => Measured {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const turns = watchTurns();
  const before = process.cpuUsage();
  delays.enable();
  return () => {
    delays.disable();
    const { user, system } = process.cpuUsage(before);
    return { loopMs: delays.max / 1e6, turnMs: turns.stop(), cpuMs: (user + system) / 1000 };
  };
}
