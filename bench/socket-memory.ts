/**
 * What a WebSocket with one subscription holds of the server's heap, after garbage collection, and of its resident memory: each to a
 * conversation of its own where nothing happens. From `sockets` to twice as many. On PostgreSQL (BENCH_DATABASE_URL).
 *
 *   node bench/socket-memory.ts [sockets]
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { freePort } from '../test/support/free-port.ts';
import { connect } from '../test/support/graphql-socket.ts';
import { bearer } from '../test/support/http.ts';
import { startParley } from '../test/support/parley.ts';
import { makeDatabase } from './support/database.ts';

const [count = 1_000] = process.argv.slice(2).map(Number);
const USERS = 20;
/** Until what was begun is over, and the first look of the safety net. */
const SETTLE_MS = 8_000;
const CREATE = 'mutation { createConversation(input: {}) { conversation { id } } }';
const FOLLOW = 'subscription ($id: ID!) { messageAdded(conversationId: $id) { id } }';

const database = await makeDatabase();
const port = await freePort();
const parley = await startParley({ ...database.env, NODE_OPTIONS: `--inspect=127.0.0.1:${port}` }, 'server');
const ask = await openInspector();
const users = await Promise.all(Array.from({ length: USERS }, () => parley.user()));
const before = await openSockets();
const after = await openSockets();
const perSocket = (name: keyof NodeJS.MemoryUsage) => ((after[name] - before[name]) / count / 1024).toFixed(1);
console.log(`a socket holds ${perSocket('heapUsed')} KiB of the heap, ${perSocket('rss')} KiB of resident memory`);
parley.kill('SIGKILL');
await parley.ended;
await database.drop();
process.exit();

/** Opens as many as were asked for, and returns what the server has then. */
async function openSockets(): Promise<NodeJS.MemoryUsage> {
  for (let opened = 0; opened < count; opened += USERS) await Promise.all(users.map(openSocket));
  await sleep(SETTLE_MS);
  for (let round = 0; round < 3; round += 1) await ask('HeapProfiler.collectGarbage');
  const { result } = await ask('Runtime.evaluate', { expression: 'JSON.stringify(process.memoryUsage())' });
  return JSON.parse(result.value);
}

async function openSocket(user: (typeof users)[0]): Promise<void> {
  const { createConversation } = await user.ask(CREATE);
  const socket = await connect(parley.url, bearer(user.key));
  const payload = { query: FOLLOW, variables: { id: createConversation.conversation.id } };
  socket.send({ type: 'subscribe', id: '1', payload });
}

/** Returns what asks the server's inspector. */
async function openInspector() {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { webSocketDebuggerUrl: string }[];
  const inspector = new WebSocket(String(target?.webSocketDebuggerUrl));
  await once(inspector, 'open');
  let asked = 0;
  return async (method: string, params = {}) => {
    asked += 1;
    inspector.send(JSON.stringify({ id: asked, method, params }));
    for (;;) {
      const [message] = await once(inspector, 'message');
      const { id, result } = JSON.parse(String(message));
      if (id === asked) return result;
    }
  };
}
