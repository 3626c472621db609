import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createWebSocketClient } from '../support/client.ts';
import { createEmptyDatabase } from '../support/databases.ts';
import { beginUpload, makeConversation, makeVtt } from '../support/fixtures.ts';
import { MessageAdded } from '../support/operations.ts';
import { ADMIN_KEY, fetchStatus, type Parley, signalAndWait } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const postgres = useProcesses();
const embedded = useProcesses({ on: 'embedded' });

describe.each([
  ['SIGTERM', 'embedded', embedded, undefined],
  ['SIGINT', 'on PostgreSQL', postgres, 'server'],
] as const)('%s to a server %s', (signal, _where, { start }, role) => {
  it('is not ready from then on, ends what is live, answers what is running, and exits with 0', async () => {
    const parley = await start(role);
    const conversationId = await makeConversation(parley.admin, 1);
    const socket = createWebSocketClient(parley.url, { authorization: `Bearer ${ADMIN_KEY}` });
    await new Promise((resolve) => socket.on('connected', resolve));
    const closed = new Promise<{ code: number }>((resolve) =>
      socket.on('closed', (event) => resolve(event as { code: number })),
    );
    await using stream = parley.admin.stream(MessageAdded, { conversationId, afterSequence: 0 });
    await stream.take(1);
    const upload = await beginUpload(parley);

    const exit = signalAndWait(parley, signal);
    await until(
      () => fetchStatus(parley, '/health/ready'),
      (status) => status === 503,
    );
    expect(await fetchStatus(parley, '/health/live')).toBe(200);
    expect((await closed).code).toBe(1012);
    await expect(stream.next()).rejects.toThrow();
    await expect(statusOfNewSocket(parley)).resolves.toBe(503);
    const answer = once(upload, 'response') as Promise<[IncomingMessage]>;
    upload.end(makeVtt(30));
    const [response] = await answer;
    expect(await json(response)).toMatchObject({ episode: { title: 'late' }, segments: 30 });
    const { code, tookMs } = await exit;
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
  });
});

/** The status with which a new WebSocket is turned away. */
async function statusOfNewSocket({ url }: Parley): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  socket.terminate();
  return response.statusCode as number;
}

it('serves on for a while behind a load balancer, and sends its sockets away a few at a time', async () => {
  const parley = await postgres.start('server', { SHUTDOWN_DELAY_MS: '2000' });
  const sockets = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const socket = new WebSocket(`${parley.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      await once(socket, 'open');
      return socket;
    }),
  );
  const open = () => sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  const closings = sockets.map((socket) => once(socket, 'close').then(([code]) => ({ code, left: open() })));
  const exit = signalAndWait(parley, 'SIGTERM');
  await until(
    () => fetchStatus(parley, '/health/ready'),
    (status) => status === 503,
  );
  expect((await parley.admin.ask('{ viewer { username } }')).viewer.username).toBeTruthy();
  const closed = await Promise.all(closings);
  expect(new Set(closed.map(({ code }) => code))).toEqual(new Set([1012]));
  expect(new Set(closed.map(({ left }) => left)).size).toBeGreaterThan(5);
  expect((await exit).code).toBe(0);
});

it('does not wait for a client that never answers the closing of its socket', async () => {
  const parley = await postgres.start('server');
  const socket = new WebSocket(`${parley.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.pause();
  const { code, tookMs } = await signalAndWait(parley, 'SIGTERM');
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(10_000);
  socket.terminate();
});

it('stops gently when it is told to while it starts', async () => {
  const empty = await createEmptyDatabase();
  onTestFinished(() => empty.drop());
  const parley = postgres.spawn('server', empty.env);
  await parley.waitForLog(({ msg }) => msg.startsWith('Applying the migration'));
  expect((await signalAndWait(parley, 'SIGTERM')).code).toBe(0);
});
