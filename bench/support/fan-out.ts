import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Contestant } from './contestants.ts';
import { requestOf } from './measure.ts';
import { cpuSecondsOfProcess } from './process-cpu.ts';
import type { Target } from './seed.ts';
import type { Running } from './servers.ts';

export type FanOut = {
  /** CPU time of the server's process for a delivery, in microseconds. */
  cpuUs: number;
  /** Milliseconds from the sending of a message until the median socket had it, and all but one in a hundred. */
  p50: number;
  p99: number;
};

/** How many sockets are opened at once. */
const AT_ONCE = 100;

/** The first look of Parley's safety net wakes each subscription once; the others have the same time. */
const SETTLE_MS = 6_000;

/** Opens sockets that follow the target's conversation, and adds messages there, each once all sockets have the one before. */
export async function measureFanOut(
  { url, pid }: Running,
  { name, operations, follow }: Contestant,
  target: Target,
  { sockets, messages }: { sockets: number; messages: number },
): Promise<FanOut> {
  const adding = operations['M1 hot'];
  if (!follow || !adding) throw new Error(`${name} cannot be followed.`);
  const delays: number[] = [];
  let sentAt = 0;
  const added = requestOf(adding.query, adding.variables(target), target);
  const subscribe = {
    type: 'subscribe',
    id: '1',
    payload: { query: follow.query, variables: follow.variables(target) },
  };
  const open = () =>
    new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        perMessageDeflate: false,
        headers: { 'x-act-as': target.username },
      });
      const send = (message: unknown) => socket.send(JSON.stringify(message));
      socket.on('error', reject);
      socket.on('open', () => send({ type: 'connection_init', payload: added.headers }));
      socket.on('message', (data: Buffer) => {
        if (data.includes('connection_ack')) {
          send(subscribe);
          resolve(socket);
        } else if (data.includes('"next"')) delays.push(performance.now() - sentAt);
        else if (data.includes('"type":"error"')) reject(new Error(`${name} refuses to be followed: ${data}`));
      });
    });
  const opened: WebSocket[] = [];
  while (opened.length < sockets)
    opened.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, sockets - opened.length) }, open))));
  await sleep(SETTLE_MS);
  const before = delays.length;
  const cpuBefore = cpuSecondsOfProcess(pid);
  for (let message = 1; message <= messages; message += 1) {
    sentAt = performance.now();
    await fetch(`${url}/graphql`, { method: 'POST', ...added });
    while (delays.length < before + message * sockets) await sleep(5);
    await sleep(50);
  }
  const cpuUs = (1e6 * (cpuSecondsOfProcess(pid) - cpuBefore)) / (messages * sockets);
  for (const socket of opened) socket.terminate();
  const sorted = delays.slice(before).sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
  return { cpuUs, p50: at(0.5), p99: at(0.99) };
}
