/**
 * How long what is done with ten hours of speech keeps the event loop, and other users, from anything else: 360,000 words with their times
 * in 36,000 segments of three speakers. The server runs in this process, on an embedded database or on that of BENCH_DATABASE_URL.
 *
 *   node bench/long-episode.ts
 *
 * `loop` is the longest delay of the event loop by perf_hooks, `turn` the most CPU time between two of its turns, `other` the longest that
 * another user waited for something small.
 */
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ADMIN_KEY } from '../test/support/parley.ts';
import { watchTurns } from './support/watch-turns.ts';

const PORT = 4918;
const URL_OF_SERVER = `http://127.0.0.1:${PORT}`;
const [HOURS, WORDS_PER_HOUR, WORDS_PER_SEGMENT] = [10, 36_000, 10];
const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };

if (isMainThread) await measureAll();
else if (workerData === 'asking') await askForever();
else await runSteps();

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
  const runner = new Worker(file, { workerData: 'running' });
  const asker = new Worker(file, { workerData: 'asking' });
  await Promise.all([once(runner, 'online'), once(asker, 'online')]);
  const names = (await tell(runner, null)) as string[];
  for (const name of names) console.log(`${name.padEnd(26)} ${await measure(name, runner, asker)}`);
  await Promise.all([runner.terminate(), asker.terminate()]);
  await app.stop();
  await database.drop();
}

async function measure(name: string, runner: Worker, asker: Worker): Promise<string> {
  await tell(asker, 'reset');
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const turns = watchTurns();
  delays.enable();
  const startedAt = performance.now();
  const answer = await tell(runner, name);
  const tookMs = performance.now() - startedAt;
  delays.disable();
  const turnMs = turns.stop();
  const waitedMs = (await tell(asker, 'reset')) as number;
  const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(9);
  return `loop ${ms(delays.max / 1e6)}  turn ${ms(turnMs)}  other ${ms(waitedMs)}  took ${ms(tookMs)}  ${answer}`;
}

async function tell(worker: Worker, message: unknown): Promise<unknown> {
  worker.postMessage(message);
  const [answer] = await once(worker, 'message');
  return answer;
}

type Id = { id: string };
type Job = { finishedAt: string | null; status: string };

/** What is done one after another, in the thread of a client; each returns what to print. */
async function runSteps(): Promise<void> {
  let episodeId = '';
  let clipId = '';
  const steps: Record<string, () => Promise<string>> = {
    async upload() {
      const response = await fetch(`${URL_OF_SERVER}/episodes?title=long`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/vtt' },
        body: makeTranscript(),
      });
      const answer = (await response.json()) as { episode: { id: string }; segments: number };
      episodeId = answer.episode.id;
      return `${answer.segments} segments`;
    },
    async processEpisode() {
      const input = { episodeId, maxClips: 50 };
      const { job } = await mutate<{ job: Id }>('processEpisode', 'ProcessEpisodeInput', 'job { id }', input);
      for (;;) {
        const now = await ask<{ job: Job }>('query ($id: ID!) { job(id: $id) { finishedAt status } }', job);
        if (now.job.finishedAt) return now.job.status;
        await sleep(200);
      }
    },
    async createClip() {
      const cut = { episodeId, startSeconds: 18_000, endSeconds: 18_040, title: 'Mine', platform: 'X' };
      clipId = (await mutate<{ clip: Id }>('createClip', 'CreateClipInput', 'clip { id }', cut)).clip.id;
      return '';
    },
    async 'Episode.speakers'() {
      const page = '{ episodes(first: 50) { edges { node { speakers { name segmentCount } } } } }';
      return JSON.stringify(await ask(page));
    },
    renameSpeaker: () => rename('Ann', 'דנה כהן'),
    'renameSpeaker, a merge': () => rename('Bob', 'דנה כהן'),
    'transcript.srt': () => download('srt'),
    'transcript.vtt': () => download('vtt'),
    'transcript.txt': () => download('txt'),
    'transcript.json': () => download('json'),
    async deleteClip() {
      await mutate('deleteClip', 'DeleteClipInput', 'deletedId', { clipId });
      return '';
    },
  };
  const rename = async (speaker: string, name: string) => {
    const input = { episodeId, speaker, name };
    return JSON.stringify(await mutate('renameSpeaker', 'RenameSpeakerInput', 'segmentCount merged', input));
  };
  const download = async (extension: string) => {
    const response = await fetch(`${URL_OF_SERVER}/episodes/${episodeId}/transcript.${extension}`, { headers });
    return `${((await response.arrayBuffer()).byteLength / 1e6).toFixed(1)} MB`;
  };
  parentPort?.on('message', async (name: string | null) => {
    parentPort?.postMessage(name === null ? Object.keys(steps) : await steps[name]?.());
  });
}

/** A conversation with words of their own in each minute, three speakers in turn, and punctuation. */
function makeTranscript(): string {
  const segments = (HOURS * WORDS_PER_HOUR) / WORDS_PER_SEGMENT;
  const seconds = 3_600 / WORDS_PER_HOUR;
  const cues = Array.from({ length: segments }, (_, index) => {
    const words = Array.from({ length: WORDS_PER_SEGMENT }, (_, place) => {
      const number = index * WORDS_PER_SEGMENT + place;
      const word = COMMON[(number * 7 + index) % COMMON.length];
      const text = place === 3 ? `subject${Math.floor(index / 60)}` : place === 9 ? `${word}.` : word;
      return `<${clock(number * seconds)}>${text}`;
    });
    const [from, to] = [index * WORDS_PER_SEGMENT, (index + 1) * WORDS_PER_SEGMENT].map((n) => clock(n * seconds));
    return `${from} --> ${to}\n<v ${['Ann', 'Bob', 'Eve'][Math.floor(index / 4) % 3]}>${words.join(' ')}`;
  });
  return `WEBVTT\n\n${cues.join('\n\n')}\n`;
}

const COMMON =
  'we think that people who work with machines know more about bread and letters than anybody would say at first'.split(
    ' ',
  );

function clock(seconds: number): string {
  const time = new Date(Math.round(seconds * 1000)).toISOString();
  return `${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${time.slice(14, 23)}`;
}

async function mutate<Payload>(name: string, type: string, selection: string, input: object): Promise<Payload> {
  const mutation = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  return (await ask<Record<string, Payload>>(mutation, { input }))[name] as Payload;
}

async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${URL_OF_SERVER}/graphql`, { method: 'POST', headers, body });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function askForever(): Promise<void> {
  let longestMs = 0;
  parentPort?.on('message', () => {
    parentPort?.postMessage(longestMs);
    longestMs = 0;
  });
  for (;;) {
    const startedAt = performance.now();
    await ask('{ conversations(first: 5) { totalCount } }');
    longestMs = Math.max(longestMs, performance.now() - startedAt);
    await sleep(20);
  }
}
