/**
 * How long what is done with ten hours of speech keeps the event loop, and other users, from anything else: 360,000 words with their times
 * in 36,000 segments of three speakers (support/watched-server.ts says what is printed).
 *
 *   node bench/long-episode.ts
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort } from 'node:worker_threads';
import { ADMIN_KEY } from '../test/support/parley.ts';
import { SERVER_URL, watchServer } from './support/watched-server.ts';

const [HOURS, WORDS_PER_HOUR, WORDS_PER_SEGMENT] = [10, 36_000, 10];
const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };

if (isMainThread) await measureAll();
else await runSteps();

async function measureAll(): Promise<void> {
  const server = await watchServer(new URL(import.meta.url));
  const names = (await server.tell(null)) as string[];
  for (const name of names) console.log(`${name.padEnd(26)} ${await server.measure(name)}`);
  await server.stop();
}

type Id = { id: string };
type Job = { finishedAt: string | null; status: string };

/** What is done one after another, in the thread of a client; each returns what to print. */
async function runSteps(): Promise<void> {
  let episodeId = '';
  let clipId = '';
  const steps: Record<string, () => Promise<string>> = {
    async upload() {
      const response = await fetch(`${SERVER_URL}/episodes?title=long`, {
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
    const response = await fetch(`${SERVER_URL}/episodes/${episodeId}/transcript.${extension}`, { headers });
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
  const response = await fetch(`${SERVER_URL}/graphql`, { method: 'POST', headers, body });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
