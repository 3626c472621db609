/**
 * What idle clients cost: sockets with one subscription each, to a conversation of its own where nothing happens. Prints
 * the server's share of a core, its statements a second and its memory, without the sockets and with them.
 * With BENCH_REDIS_URL through Redis; on PostgreSQL either way (BENCH_DATABASE_URL).
 *
 *   node bench/idle-sockets.ts [sockets] [seconds]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../test/support/graphql-socket.ts';
import { bearer, httpRequest } from '../test/support/http.ts';
import { ADMIN_KEY, startParley } from '../test/support/parley.ts';
import { makeDatabase } from './support/database.ts';

const [count = 10_000, seconds = 60] = process.argv.slice(2).map(Number);
const USERS = 100;
const CREATE = 'mutation { createConversation(input: {}) { conversation { id } } }';
const FOLLOW = 'subscription ($id: ID!) { messageAdded(conversationId: $id) { id } }';

const redis = process.env.BENCH_REDIS_URL;
const database = await makeDatabase();
const parley = await startParley({ ...database.env, ...(redis ? { REDIS_URL: redis } : {}) }, 'server');
const users = await Promise.all(Array.from({ length: USERS }, () => parley.user()));
console.log(`${redis ? 'PostgreSQL and Redis' : 'PostgreSQL alone'}, a server without a worker, ${seconds} s each:`);
await report('without sockets');
for (let from = 0; from < count; from += USERS) await Promise.all(users.map(openSocket));
await sleep(15_000); // the first look of the safety net wakes each once
await report(`${count} sockets with one subscription each`);
parley.kill('SIGKILL');
await parley.ended;
await database.drop();
process.exit();

async function openSocket(user: (typeof users)[0]): Promise<void> {
  const { createConversation } = await user.ask(CREATE);
  const socket = await connect(parley.url, bearer(user.key));
  const payload = { query: FOLLOW, variables: { id: createConversation.conversation.id } };
  socket.send({ type: 'subscribe', id: '1', payload });
}

async function report(what: string): Promise<void> {
  const before = await readMetrics();
  await sleep(seconds * 1000);
  const after = await readMetrics();
  const perSecond = (name: string) => (after(name) - before(name)) / seconds;
  const core = (perSecond('process_cpu_seconds_total') * 100).toFixed(2);
  const statements = perSecond('parley_sql_statements_total').toFixed(1);
  const megabytes = Math.round(after('process_resident_memory_bytes') / 2 ** 20);
  console.log(`${what}: ${core} % of a core, ${statements} statements/s, ${megabytes} MiB`);
}

async function readMetrics(): Promise<(name: string) => number> {
  const { text } = await httpRequest(`${parley.url}/metrics`, { headers: bearer(ADMIN_KEY) });
  return (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}
