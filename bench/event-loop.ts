/**
 * How long the largest imports keep the event loop, and other users, from anything else. One user sends the files from a thread, and
 * another one asks for something small all the time (support/watched-server.ts says what is printed).
 *
 *   node bench/event-loop.ts [case…]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort } from 'node:worker_threads';
import { ADMIN_KEY } from '../test/support/parley.ts';
import { LARGE_REQUESTS, type LargeRequest } from './support/large-requests.ts';
import { SERVER_URL, watchServer } from './support/watched-server.ts';

if (isMainThread) await measureAll();
else await sendOnRequest();

async function measureAll(): Promise<void> {
  const server = await watchServer(new URL(import.meta.url));
  const wanted = process.argv.slice(2);
  for (const { name } of LARGE_REQUESTS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await server.tell({ prepare: name });
    console.log(`${name.padEnd(36)} ${await server.measure({ send: name })}`);
  }
  await server.stop();
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
    const response = await fetch(SERVER_URL + path, { method: 'POST', headers, body: bytes });
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
    const response = await fetch(`${SERVER_URL}/graphql`, { method: 'POST', headers, body });
    const { data } = (await response.json()) as { data: { job: { finishedAt: string | null } } };
    if (data.job.finishedAt) return JSON.stringify(data.job);
    await sleep(100);
  }
}
