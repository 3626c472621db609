/**
 * What live events cost: one message, told to all who follow a conversation, each by a socket of its own. Prints the CPU time of
 * the server for each delivery, and how long after the message was sent the median and the last reader but one in a hundred
 * had it. On PostgreSQL (BENCH_DATABASE_URL).
 *
 *   node bench/fan-out.ts [sockets] [messages]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { bearer, httpRequest } from '../test/support/http.ts';
import { ADMIN_KEY, startParley } from '../test/support/parley.ts';
import { makeDatabase } from './support/database.ts';

const [count = 3_000, messages = 20] = process.argv.slice(2).map(Number);
const FOLLOW = 'subscription ($id: ID!) { messageAdded(conversationId: $id) { id sequence role content createdAt } }';
const ADD = 'mutation ($input: AddMessageInput!) { addMessage(input: $input) { message { id } } }';

const database = await makeDatabase();
const parley = await startParley({ ...database.env, RATE_LIMIT_POINTS: '1000000000' }, 'server');
const user = await parley.user();
const { createConversation } = await user.ask('mutation { createConversation(input: {}) { conversation { id } } }');
const id: string = createConversation.conversation.id;
let sentAt = 0;
let arrived = 0;
const delays: number[] = [];
for (let open = 0; open < count; open += 100) await Promise.all(Array.from({ length: 100 }, follow));
await sleep(6_000); // the first look of the safety net wakes each once
await measure();
parley.kill('SIGKILL');
await parley.ended;
await database.drop();
process.exit();

async function measure(): Promise<void> {
  const before = await cpuSeconds();
  for (let message = 1; message <= messages; message += 1) {
    sentAt = performance.now();
    await user.ask(ADD, { input: { conversationId: id, role: 'USER', content: `message ${message}` } });
    while (arrived < message * count) await sleep(5);
    await sleep(50);
  }
  const each = ((await cpuSeconds()) - before) / (messages * count);
  delays.sort((a, b) => a - b);
  const at = (share: number) => delays[Math.floor(share * (delays.length - 1))]?.toFixed(0);
  console.log(
    `${count} sockets, ${messages} messages: ${(each * 1e6).toFixed(1)} µs of CPU a delivery, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
}

function follow(): Promise<void> {
  const socket = new WebSocket(`${parley.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: false,
  });
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => send({ type: 'connection_init', payload: bearer(user.key) }));
    socket.on('message', (data: Buffer) => {
      if (data.includes('connection_ack')) {
        send({ type: 'subscribe', id: '1', payload: { query: FOLLOW, variables: { id } } });
        resolve();
      } else if (data.includes('"next"')) {
        arrived += 1;
        delays.push(performance.now() - sentAt);
      }
    });
  });
}

async function cpuSeconds(): Promise<number> {
  const { text } = await httpRequest(`${parley.url}/metrics`, { headers: bearer(ADMIN_KEY) });
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
}
