import { beforeAll, describe, expect, it } from 'vitest';
import { openSocket } from '../support/graphql-socket.ts';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const LISTED = 'https://app.example';
const app = useParley({ env: { CORS_ORIGINS: `${LISTED}, https://other.example` } });
let closed: Parley;

beforeAll(async () => {
  closed = await app.start('server');
});

const QUERY = { query: '{ viewer { username } }' };
const ask = (url: string, origin?: string) =>
  postGraphql(url, QUERY, { ...bearer(ADMIN_KEY), ...(origin ? { origin } : {}) });
const cors = (headers: Record<string, unknown>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));
const FOREIGN = ['https://evil.example', 'null', `${LISTED}.evil.example`, `${LISTED}:8443`, 'http://app.example'];

describe('a page of another origin', () => {
  it.each([LISTED, ...FOREIGN])('is refused where none is listed: %s', async (origin) => {
    const { status, headers, json } = await ask(closed.url, origin);
    expect({ status, cors: cors(headers), code: json.errors[0].extensions.code }).toEqual({
      status: 403,
      cors: [],
      code: 'FORBIDDEN',
    });
  });

  it.each(FOREIGN)('is refused where others are listed: %s', async (origin) => {
    const { status, headers } = await ask(app.parley.url, origin);
    expect({ status, cors: cors(headers) }).toEqual({ status: 403, cors: [] });
  });

  it.each([LISTED, 'https://evil.example'])(
    'gets no leave by a preflight where it is not listed: %s',
    async (origin) => {
      const { headers } = await preflight(closed.url, origin);
      expect(cors(headers)).toEqual([]);
    },
  );

  it.each(FOREIGN)('opens no WebSocket: %s', async (origin) => {
    await expect(openSocket(app.parley.url, { headers: { origin } })).rejects.toThrow('403');
  });

  it('is logged once, as browsers hide from it why; so are a hundred at most, however many are invented', async () => {
    const { url, log } = await app.start('server');
    const logged = () => log.flatMap(({ origin }) => (origin ? [origin] : []));
    const shop = 'https://shop.example';
    for (const origin of [shop, shop]) await ask(url, origin);
    await expect(openSocket(url, { headers: { origin: shop } })).rejects.toThrow('403');
    const long = `https://${'x'.repeat(5_000)}.example`;
    for (const origin of [long, ...Array.from({ length: 200 }, (_, n) => `https://${n}.example`)])
      await ask(url, origin);
    await until(
      async () => logged(),
      ({ length }) => length >= 100,
    );
    await ask(url, 'https://last.example');
    expect(logged()).toHaveLength(100);
    expect(logged().filter((origin) => origin === shop)).toEqual([shop]);
    expect(logged()[1]).toBe(long.slice(0, 200));
  });

  it('writes nothing by an upload', async () => {
    const headers = { ...bearer(ADMIN_KEY), origin: 'https://evil.example', 'content-type': 'text/vtt' };
    const { status } = await httpRequest(`${app.parley.url}/episodes?title=x`, {
      method: 'POST',
      headers,
      body: 'WEBVTT\n\n00:00.000 --> 00:01.000\nHi.\n',
    });
    expect(status).toBe(403);
    expect((await app.admin.ask('{ episodes { totalCount } }')).episodes.totalCount).toBe(0);
  });
});

describe('a page of a listed origin', () => {
  it('may ask, and read the answer with its headers', async () => {
    const { status, headers, json } = await ask(app.parley.url, LISTED);
    expect({ status, json }).toEqual({ status: 200, json: { data: { viewer: { username: 'admin' } } } });
    expect(headers).toMatchObject({ 'access-control-allow-origin': LISTED, vary: expect.stringContaining('Origin') });
    expect(headers['access-control-expose-headers']).toMatch(/x-request-id.*ratelimit.*retry-after/);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('may also read why it was refused', async () => {
    const { status, headers } = await postGraphql(app.parley.url, QUERY, { origin: LISTED, ...bearer('prl_wrong') });
    expect({ status, allowed: headers['access-control-allow-origin'] }).toEqual({ status: 401, allowed: LISTED });
  });

  it('is told by a preflight what it may send', async () => {
    const { status, headers } = await preflight(app.parley.url, LISTED);
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(LISTED);
    expect(headers['access-control-allow-methods']).toContain('POST');
    for (const name of ['authorization', 'content-type', 'x-act-as', 'x-request-id', 'idempotency-key']) {
      expect(headers['access-control-allow-headers']).toContain(name);
    }
  });

  it('may open a WebSocket', async () => {
    const socket = await openSocket(app.parley.url, { headers: { origin: LISTED } });
    socket.send({ type: 'connection_init', payload: bearer(ADMIN_KEY) });
    await socket.waitFor(({ type }) => type === 'connection_ack');
    await socket.close();
  });
});

it('a page of its own origin, and a program without one, may ask and open a WebSocket', async () => {
  for (const origin of [closed.url, undefined]) {
    expect((await ask(closed.url, origin)).status).toBe(200);
    const socket = await openSocket(closed.url, { headers: origin ? { origin } : {} });
    await socket.close();
  }
});

it('a WebSocket is only at /graphql', async () => {
  await expect(openSocket(`${closed.url}/elsewhere`)).rejects.toThrow('404');
});

function preflight(url: string, origin: string) {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };
  return httpRequest(`${url}/graphql`, { method: 'OPTIONS', headers });
}
