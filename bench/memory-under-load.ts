/**
 * What a server holds under mixed load, of which one document in eleven is new to it: its memory, and that of its caches,
 * every half minute. On PostgreSQL (BENCH_DATABASE_URL).
 *
 *   node bench/memory-under-load.ts [minutes]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { bearer, httpRequest, postGraphql } from '../test/support/http.ts';
import { ADMIN_KEY, startParley } from '../test/support/parley.ts';
import { makeDatabase } from './support/database.ts';

const minutes = Number(process.argv[2] ?? 12);
const CLIENTS = 20;
const FIELDS = 'id title createdAt messages(first: 5) { totalCount edges { node { id role content createdAt } } }';

const database = await makeDatabase();
const settings = { ...database.env, RATE_LIMIT_POINTS: '1000000000' };
const parley = await startParley(settings, 'server');
const user = await parley.user();
let requests = 0;
let running = true;
const clients = Array.from({ length: CLIENTS }, () => sendForever());
await report('at rest');
for (let half = 1; half <= 2 * minutes; half += 1) {
  await sleep(30_000);
  await report(`after ${half / 2} min`);
}
running = false;
await Promise.all(clients);
await parley.stop();
await database.drop();

async function sendForever(): Promise<void> {
  while (running) await postGraphql(parley.url, operation(requests++), bearer(user.key));
}

function operation(index: number) {
  if (index % 11 === 0)
    return { query: `query New${index} { conversations(first: 20) { edges { node { ${FIELDS} } } } }` };
  if (index % 11 === 1)
    return { query: 'mutation { createConversation(input: { title: "talk" }) { conversation { id } } }' };
  if (index % 11 === 2) return { query: `{ nope${index} ${'wrong '.repeat(100)} }` };
  const variables = { first: (index % 20) + 1, unused: index };
  return { query: `query ($first: Int) { conversations(first: $first) { edges { node { ${FIELDS} } } } }`, variables };
}

async function report(when: string): Promise<void> {
  const { text } = await httpRequest(`${parley.url}/metrics`, { headers: bearer(ADMIN_KEY) });
  const mebibytes = (name: string) => Math.round(Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) / 2 ** 20);
  const [resident, heap, documents] = [
    mebibytes('process_resident_memory_bytes'),
    mebibytes('nodejs_heap_size_used_bytes'),
    mebibytes('parley_document_cache_bytes'),
  ];
  console.log(`${when}: ${resident} MiB, heap ${heap} MiB, documents ${documents} MiB, ${requests} requests`);
}
