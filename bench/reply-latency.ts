/**
 * How soon a reply is seen: from the answer to `sendMessage` to the request that the model gets, and from the model's
 * first word to the first chunk that a subscriber gets. The model is an endpoint in this process, so both ends of each
 * time are read from one clock. With BENCH_DATABASE_URL, a server and a worker on PostgreSQL, and on Redis where REDIS_URL names
 * one; without, one process on an embedded database.
 *
 *   node bench/reply-latency.ts [samples] [replies under way meanwhile] [long jobs meanwhile: three run, the rest wait]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../test/support/client.ts';
import { uploadEpisode } from '../test/support/fixtures.ts';
import { type ModelServer, stalls, startModelServer } from '../test/support/model-server.ts';
import { ProcessEpisode } from '../test/support/operations.ts';
import { type Parley, startParley } from '../test/support/parley.ts';
import { ReplyReader, send } from '../test/support/replies.ts';
import { chooseDatabase } from './support/database.ts';

const [samples = 50, underWay = 0, longJobs = 0] = process.argv.slice(2).map(Number);
const { BENCH_DATABASE_URL, REDIS_URL } = process.env;
const model = await startModelServer();
const database = await chooseDatabase();
const processes = await startProcesses();
const [server] = processes as [Parley];
const ann = await server.user();
await occupy(ann);
const startsMs: number[] = [];
const firstChunksMs: number[] = [];
for (let n = 0; n < samples; n += 1) await sample(ann);
console.log(
  `${BENCH_DATABASE_URL ? 'PostgreSQL' : 'embedded'}, ${underWay} replies and ${longJobs} long jobs meanwhile:`,
);
const { queueStats } = await ann.ask('{ queueStats { queued running } }');
console.log(`  (at the end ${queueStats.running} jobs run and ${queueStats.queued} wait)`);
console.log(`  sendMessage answered → model asked:         ${shares(startsMs)}`);
console.log(`  the model's first word → subscriber's chunk: ${shares(firstChunksMs)}`);
await end(processes);
await database.drop();
await model.stop();

async function sample(client: Client): Promise<void> {
  const asked = Promise.withResolvers<number>();
  const spoke = Promise.withResolvers<number>();
  model.answerNext(async (turn) => {
    asked.resolve(performance.now());
    await sleep(50);
    spoke.resolve(performance.now());
    turn.say('First');
    await sleep(20);
    turn.say(' and last.');
    turn.end();
  });
  const { reply } = await send(client, 'Say something.');
  const answeredAt = performance.now();
  const reader = new ReplyReader(client, reply.id);
  startsMs.push((await asked.promise) - answeredAt);
  await reader.waitForText('First');
  firstChunksMs.push(performance.now() - (await spoke.promise));
  await reader.readToEnd();
  await sleep(50);
}

async function occupy(client: Client): Promise<void> {
  const episodes: string[] = [];
  for (let n = 0; n < longJobs; n += 1) episodes.push(await uploadEpisode(server.url, client, n < 9 ? 45_000 : 20));
  for (const episodeId of episodes) await client.ask(ProcessEpisode, { input: { episodeId } });
  model.answer(stalls);
  for (let n = 0; n < underWay; n += 1) await send(client, 'Say nothing.');
  while (model.open() < underWay) await sleep(50);
}

async function startProcesses(): Promise<Parley[]> {
  const env = { ...envOf(model), ...database.env, ...(BENCH_DATABASE_URL && REDIS_URL ? { REDIS_URL } : {}) };
  return BENCH_DATABASE_URL
    ? [await startParley(env, 'server'), await startParley(env, 'worker')]
    : [await startParley(env)];
}

function envOf({ env }: ModelServer): Record<string, string> {
  return { ...env, MODEL_API_KEY: 'bench', EXTRACT_MEMORIES: 'false', MAX_QUEUE_SIZE: '1000' };
}

async function end(processes: Parley[]): Promise<void> {
  for (const parley of processes) parley.kill('SIGKILL');
  await Promise.all(processes.map(({ ended }) => ended));
}

function shares(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => `${sorted[Math.ceil(share * sorted.length) - 1]?.toFixed(1)} ms`;
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, at most ${at(1)}`;
}
