import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { bearer, httpRequest } from '../support/http.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

/** Sends bytes over a connection of their own, and returns what comes back until it ends. */
async function send(bytes: string): Promise<{ status: number; headers: string; body: string; whole: string }> {
  const socket = connect(Number(new URL(app.parley.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  const whole = await text(socket);
  const [headers = '', body = ''] = whole.split('\r\n\r\n');
  return { status: Number(headers.split(' ')[1]), headers, body, whole };
}

const upgrade = (protocol: string) => `HTTP/1.1\r\nhost: a\r\nconnection: upgrade, close\r\nupgrade: ${protocol}\r\n`;
const KEY = `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}\r\n`;

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
    ['no host', 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'BAD_USER_INPUT', /one header `host`/],
    [
      'two hosts',
      'GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n',
      400,
      'BAD_USER_INPUT',
      /one header `host`/,
    ],
    [
      'an odd expectation',
      'GET /health HTTP/1.1\r\nhost: a\r\nexpect: tea\r\nconnection: close\r\n\r\n',
      417,
      'BAD_USER_INPUT',
      /`expect`/,
    ],
    [
      'a WebSocket without a key',
      `GET /graphql ${upgrade('websocket')}\r\n`,
      400,
      'BAD_USER_INPUT',
      /Sec-WebSocket-Key/,
    ],
    [
      'a WebSocket of an older version',
      `GET /graphql ${upgrade('websocket')}${KEY}sec-websocket-version: 7\r\n\r\n`,
      400,
      'BAD_USER_INPUT',
      /Sec-WebSocket-Version/,
    ],
    [
      'a WebSocket elsewhere',
      `GET /nowhere ${upgrade('websocket')}${KEY}sec-websocket-version: 13\r\n\r\n`,
      404,
      'NOT_FOUND',
      /\/graphql/,
    ],
    [
      'a WebSocket of a page that is not listed',
      `GET /graphql ${upgrade('websocket')}${KEY}origin: https://evil.example\r\nsec-websocket-version: 13\r\n\r\n`,
      403,
      'FORBIDDEN',
      /CORS_ORIGINS/,
    ],
    ['headers that never come', 'GET /graphql HTTP/1.1\r\nhost: a\r\n', 408, 'UNAVAILABLE', /too long to arrive/],
  ])('is told so, in the form of every error: %s', async (_name, bytes, status, code, message) => {
    const reply = await send(bytes);
    expect(reply).toMatchObject({ status, headers: expect.stringMatching(/connection: close/i) });
    expect(JSON.parse(reply.body)).toEqual(refusal(code, message));
  });
});

describe('what a client may well send', () => {
  const QUERY = JSON.stringify({ query: '{ __typename }' });
  const END = `content-type: application/json\r\ncontent-length: ${QUERY.length}\r\n`;

  it.each([
    ['an offer of HTTP/2', `POST /graphql ${upgrade('h2c')}${END}\r\n${QUERY}`],
    ['an offer of HTTP/2 with a WebSocket behind it', `POST /graphql ${upgrade('h2c, websocket')}${END}\r\n${QUERY}`],
    [
      'the whole address',
      `POST http://parley.example/graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${END}\r\n${QUERY}`,
    ],
    ['HTTP/1.0 without a host', `POST /graphql HTTP/1.0\r\n${END}\r\n${QUERY}`],
    [
      '100-continue',
      `POST /graphql HTTP/1.1\r\nhost: a\r\nexpect: 100-Continue\r\nconnection: close\r\n${END}\r\n${QUERY}`,
    ],
  ])('is answered: %s', async (_name, bytes) => {
    expect(await send(bytes)).toMatchObject({ whole: expect.stringContaining('{"data":{"__typename":"Query"}}') });
  });

  it('opens a WebSocket at the whole address, too', async () => {
    const socket = connect(Number(new URL(app.parley.url).port), '127.0.0.1');
    const version = 'sec-websocket-version: 13\r\nsec-websocket-protocol: graphql-transport-ws\r\n';
    socket.write(`GET http://a/graphql ${upgrade('WebSocket')}${KEY}${version}\r\n`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(String(first)).toMatch(/^HTTP\/1\.1 101 /);
  });
});

describe('text that is no UTF-8', () => {
  const QUERY = 'query ($text: String!) { searchMemories(query: $text) { found } }';

  it('is refused in a body, and what looks like its replacement is taken', async () => {
    const owner = await app.user();
    const post = (text: Buffer) =>
      httpRequest(`${app.parley.url}/graphql`, {
        method: 'POST',
        headers: { ...bearer(owner.key), 'content-type': 'application/json' },
        body: Buffer.concat([Buffer.from(`{"query":"${QUERY}","variables":{"text":"`), text, Buffer.from('"}}')]),
      });
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xe9, 0x20]]) {
      const { status, json } = await post(Buffer.from(bytes));
      expect([status, json]).toEqual([400, refusal('BAD_USER_INPUT', /UTF-8/)]);
    }
    expect((await post(Buffer.from('שלום \ufffd'))).json).toEqual({ data: { searchMemories: { found: false } } });
  });

  it('is refused in an address', async () => {
    const owner = await app.user();
    const get = (text: string) =>
      httpRequest(
        `${app.parley.url}/graphql?query=${encodeURIComponent(QUERY)}&variables=%7B%22text%22:%22${text}%22%7D`,
        { headers: { ...bearer(owner.key), accept: 'application/json' } },
      );
    const { status, json } = await get('%FF');
    expect([status, json]).toEqual([400, refusal('BAD_USER_INPUT', /UTF-8/)]);
    expect((await get('a+%EF%BF%BD+%D7%90')).json).toEqual({ data: { searchMemories: { found: false } } });
  });
});
