import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

/** Sends bytes over a connection of their own, and returns what comes back until it ends. */
async function send(bytes: string): Promise<{ status: number; headers: string; body: string }> {
  const socket = connect(Number(new URL(app.parley.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  const [headers = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { status: Number(headers.split(' ')[1]), headers, body };
}

const refusal = (code: string, message: RegExp) => ({
  errors: [{ message: expect.stringMatching(message), extensions: { code } }],
});

describe('what is no HTTP request', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 400, 'BAD_USER_INPUT', /no HTTP request/],
    [
      'two lengths',
      'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
      'BAD_USER_INPUT',
      /length/,
    ],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nhost: a\r\nx-long: ${'א'.repeat(20_000)}\r\n\r\n`,
      431,
      'LIMIT_EXCEEDED',
      /16 KiB/,
    ],
    ['headers that never come', 'GET /graphql HTTP/1.1\r\nhost: a\r\n', 408, 'UNAVAILABLE', /too long to arrive/],
  ])('is told so, in the form of every error: %s', async (_name, bytes, status, code, message) => {
    const reply = await send(bytes);
    expect(reply).toMatchObject({ status, headers: expect.stringContaining('connection: close') });
    expect(JSON.parse(reply.body)).toEqual(refusal(code, message));
  });
});
