/**
 * How long the largest imports keep the event loop, and other users, from anything else. The server runs in this process
 * on an embedded database (or on the server of BENCH_DATABASE_URL); one user sends the files from a thread, and another one
 * asks for something small all the time.
 *
 *   node bench/event-loop.ts [case…]
 *
 * `loop` is the longest delay of the event loop by perf_hooks, `turn` the most CPU time between two of its turns, which
 * other work on the machine does not change; `other` the longest that the other user waited.
 */
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ADMIN_KEY } from '../test/support/parley.ts';
import { LARGE_REQUESTS, type LargeRequest } from './support/large-requests.ts';
import { watchTurns } from './support/watch-turns.ts';

const PORT = 4917;
const URL_OF_SERVER = `http://127.0.0.1:${PORT}`;

if (isMainThread) await measureAll();
else if (workerData === 'asking') await askForever();
else await sendOnRequest();

async function measureAll(): Promise<void> {
  const { startApp } = await import('#app.ts');
  const { readConfig } = await import('#config/config.ts');
  const { openLog } = await import('#adapters/log.ts');
  const { chooseDatabase } = await import('./support/database.ts');
  const database = await chooseDatabase();
  const config = readConfig({
    ...database.env,
    ...{ PORT: String(PORT), LOG_LEVEL: 'fatal', BOOTSTRAP_ADMIN_KEY: ADMIN_KEY, RATE_LIMIT_POINTS: '1000000000' },
  });
  const onLost = (error: Error) => {
    throw error;
  };
  const app = await startApp(config, { serves: true, works: true }, { log: openLog('fatal'), onLost });
  const file = new URL(import.meta.url);
  const sender = new Worker(file, { workerData: 'sending' });
  const asker = new Worker(file, { workerData: 'asking' });
  await Promise.all([once(sender, 'online'), once(asker, 'online')]);
  const wanted = process.argv.slice(2);
  for (const { name } of LARGE_REQUESTS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`${name.padEnd(36)} ${await measure(name, sender, asker)}`);
  }
  await Promise.all([sender.terminate(), asker.terminate()]);
  await app.stop();
  await database.drop();
}

async function measure(name: string, sender: Worker, asker: Worker): Promise<string> {
  await tell(sender, { prepare: name });
  await tell(asker, 'reset');
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const turns = watchTurns();
  delays.enable();
  const startedAt = performance.now();
  const answer = await tell(sender, { send: name });
  const tookMs = performance.now() - startedAt;
  delays.disable();
  const turnMs = turns.stop();
  const waitedMs = (await tell(asker, 'reset')) as number;
  const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(8);
  return `loop ${ms(delays.max / 1e6)}  turn ${ms(turnMs)}  other ${ms(waitedMs)}  took ${ms(tookMs)}  ${answer}`;
}

async function tell(worker: Worker, message: unknown): Promise<unknown> {
  worker.postMessage(message);
  const [answer] = await once(worker, 'message');
  return answer;
}

async function sendOnRequest(): Promise<void> {
  let prepared: (() => Promise<string>) | undefined;
  parentPort?.on('message', async ({ prepare }: { prepare?: string }) => {
    if (prepare) prepared = prepareRequest(LARGE_REQUESTS.find(({ name }) => name === prepare) as LargeRequest);
    parentPort?.postMessage(prepare ? 'prepared' : await prepared?.());
  });
}

function prepareRequest({ path, type, body }: LargeRequest): () => Promise<string> {
  const bytes = new TextEncoder().encode(body());
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': type };
  return async () => {
    const response = await fetch(URL_OF_SERVER + path, { method: 'POST', headers, body: bytes });
    const answer = await response.text();
    const { job } = JSON.parse(answer) as { job?: { id: string } };
    return `${response.status} ${(job ? await followToEnd(job.id) : answer).slice(0, 100)}`;
  };
}

/** Resolves with what a job says when it has ended. */
async function followToEnd(id: string): Promise<string> {
  const query = 'query ($id: ID!) { job(id: $id) { finishedAt status result error { message } } }';
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  for (;;) {
    const body = JSON.stringify({ query, variables: { id } });
    const response = await fetch(`${URL_OF_SERVER}/graphql`, { method: 'POST', headers, body });
    const { data } = (await response.json()) as { data: { job: { finishedAt: string | null } } };
    if (data.job.finishedAt) return JSON.stringify(data.job);
    await sleep(100);
  }
}

async function askForever(): Promise<void> {
  let longestMs = 0;
  parentPort?.on('message', () => {
    parentPort?.postMessage(longestMs);
    longestMs = 0;
  });
  for (;;) {
    const startedAt = performance.now();
    await fetch(`${URL_OF_SERVER}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ conversations(first: 5) { totalCount } }' }),
    }).then((response) => response.text());
    longestMs = Math.max(longestMs, performance.now() - startedAt);
    await sleep(20);
  }
}
