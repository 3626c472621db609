import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createReceiverRules } from '#adapters/webhooks/receiver-rules.ts';
import { sendWebhook } from '#adapters/webhooks/send-webhook.ts';
import { until } from '../support/until.ts';

const rules = createReceiverRules({ allowedNetworks: [], allowLoopback: true });

/** Sends to a receiver that answers with bytes, and returns the error, or the status; then its connection is closed. */
async function sendTo(answer: (socket: Socket) => void, protocol = 'http'): Promise<unknown> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.once('data', () => answer(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const url = `${protocol}://localhost:${(server.address() as AddressInfo).port}/`;
  const message = { id: 'one', body: '{}' };
  const outcome = await sendWebhook({ url, secrets: ['whsec_AAAA'] }, message, { now: new Date(), rules }).catch(
    (error: Error) => error.message,
  );
  await until(
    async () => sockets.size,
    (size) => size === 0,
  );
  return outcome;
}

const drip = (head: string, piece: string) => (socket: Socket) => {
  socket.write(head);
  const timer = setInterval(() => socket.write(piece), 200);
  socket.once('close', () => clearInterval(timer));
};
const flood = (head: string) => (socket: Socket) => {
  socket.write(head);
  const more = () => {
    while (socket.writable && socket.write('y'.repeat(65_536)));
  };
  socket.on('drain', more);
  more();
};

it.each<[string, (socket: Socket) => void, unknown]>([
  [
    'switches to another protocol',
    (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    'cannot be reached (ECONNRESET)',
  ],
  ['hangs up', (socket) => socket.destroy(), 'cannot be reached (ECONNRESET)'],
  ['speaks another protocol', (socket) => socket.write('SSH-2.0-OpenSSH_9\r\n'), /HPE_INVALID_CONSTANT/],
  ['sends headers without end', flood('HTTP/1.1 200 OK\r\nX: '), /HPE_HEADER_OVERFLOW/],
  ['sends a body without end', flood('HTTP/1.1 500 No\r\n\r\n'), 'answered 500'],
  ['sends less than it says', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'), 200],
])('a receiver that %s ends the attempt', async (_what, answer, outcome) => {
  expect(await sendTo(answer)).toEqual(outcome instanceof RegExp ? expect.stringMatching(outcome) : outcome);
});

it('a receiver that hangs, or sends drop by drop, has ten seconds', { timeout: 60_000 }, async () => {
  const late = 'did not answer within 10 s';
  expect(
    await Promise.all([
      sendTo(() => {}, 'https'),
      sendTo(drip('HTTP/1.1 200 OK\r\n', 'X-a: b\r\n')),
      sendTo(drip('', 'HTTP/1.1 103 Early Hints\r\n\r\n')),
      sendTo(drip('HTTP/1.1 200 OK\r\n\r\n', 'x')),
    ]),
  ).toEqual([late, late, late, 200]);
});
