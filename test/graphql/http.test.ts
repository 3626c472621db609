import { gzipSync } from 'node:zlib';
import { type AuditResult, auditServer } from 'graphql-http';
import { beforeAll, describe, expect, it } from 'vitest';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
let production: Parley;

beforeAll(async () => {
  production = await app.start('server', { NODE_ENV: 'production' });
});

const key = bearer(ADMIN_KEY);
const CREATE = 'mutation { createConversation(input: {}) { conversation { id } } }';

async function audit(url: string): Promise<AuditResult[]> {
  const fetchFn = (address: string, init: RequestInit = {}) =>
    fetch(address, { ...init, headers: { ...(init.headers as Record<string, string>), ...key } });
  const results = await auditServer({ url: `${url}/graphql`, fetchFn: fetchFn as typeof fetch });
  await Promise.all(results.map(async (result) => 'response' in result && result.response.body?.cancel()));
  return results;
}

const failures = (results: AuditResult[]) =>
  results.filter(({ status }) => status !== 'ok').map(({ id, name }) => `${id} ${name}`);

describe('the audits of GraphQL over HTTP', () => {
  it('all pass with a key', async () => {
    const results = await audit(app.parley.url);
    expect(failures(results)).toEqual([]);
    expect(results.length).toBeGreaterThan(50);
  });

  it('all pass in production', async () => {
    expect(failures(await audit(production.url))).toEqual([]);
  });
});

describe('a GET', () => {
  it('answers a query', async () => {
    const { status, json } = await httpRequest(`${app.parley.url}/graphql?query={viewer{username}}`, { headers: key });
    expect({ status, json }).toEqual({ status: 200, json: { data: { viewer: { username: 'admin' } } } });
  });

  it('answers the operation that is named, with variables', async () => {
    const search = new URLSearchParams({
      query: 'query A { __typename } query B($id: ID!) { node(id: $id) { id } }',
      operationName: 'B',
      variables: JSON.stringify({ id: 'broken' }),
    });
    const { json } = await httpRequest(`${app.parley.url}/graphql?${search}`, { headers: key });
    expect(json).toMatchObject({
      data: { node: null },
      errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'id' } }],
    });
  });

  it('does not run a mutation', async () => {
    const count = async () => (await app.admin.ask('{ conversations { totalCount } }')).conversations.totalCount;
    const before = await count();
    const { status, headers, json } = await httpRequest(
      `${app.parley.url}/graphql?${new URLSearchParams({ query: CREATE })}`,
      { headers: key },
    );
    expect(status).toBe(405);
    expect(headers.allow).toBe('POST');
    expect(json.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(await count()).toBe(before);
  });

  it.each([
    ['without a query', ''],
    ['with variables that are no JSON', 'query={__typename}&variables={'],
    ['with variables that are a list', 'query={__typename}&variables=[]'],
    ['with extensions that are no object', 'query={__typename}&extensions=1'],
    ['of a subscription, without server-sent events', 'query=subscription{healthChanged{status}}'],
  ])('%s is refused', async (_what, search) => {
    const { status, json } = await httpRequest(`${app.parley.url}/graphql?${search}`, { headers: key });
    expect({ status, code: json.errors[0].extensions.code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
  });
});

describe('a POST', () => {
  const QUERY = JSON.stringify({ query: '{ __typename }' });

  it.each([
    ['no content type', undefined, QUERY],
    ['a form', 'application/x-www-form-urlencoded', 'query={__typename}'],
    ['plain text', 'text/plain', QUERY],
    [
      'a multipart form',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
    ],
    ['bare GraphQL', 'application/graphql', '{ __typename }'],
    ['another kind of JSON', 'application/json-patch+json', QUERY],
  ])('of %s is refused: any page of the web could send it', async (_what, type, body) => {
    const headers = { ...key, ...(type ? { 'content-type': type } : {}) };
    const { status, json } = await httpRequest(`${app.parley.url}/graphql`, { method: 'POST', headers, body });
    expect({ status, code: json.errors[0].extensions.code }).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA' });
  });

  it('of a form with a file is told where files go', async () => {
    const headers = { ...key, 'content-type': 'multipart/form-data; boundary=x' };
    const { json } = await httpRequest(`${app.parley.url}/graphql`, { method: 'POST', headers, body: '--x--' });
    expect(json.errors[0].message).toMatch(/application\/json\..*`createEpisode`.*POST \/episodes/);
  });

  it('does not take a compressed body, and says so', async () => {
    const body = gzipSync(JSON.stringify({ query: '{ __typename }' }));
    const headers = { ...key, 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const { status, json } = await httpRequest(`${app.parley.url}/graphql`, { method: 'POST', headers, body });
    expect(status).toBe(415);
    expect(json.errors).toMatchObject([
      { message: expect.stringMatching(/content-encoding/), extensions: { code: 'UNSUPPORTED_MEDIA' } },
    ]);
  });

  it.each([
    ['malformed JSON', '{"query":'],
    ['nothing', ''],
    ['a batch', `[${QUERY},${QUERY}]`],
    ['null', 'null'],
    ['a number', '1'],
    ['no query', '{}'],
    ['an empty query', '{"query":""}'],
    ['a query that is no text', '{"query":{}}'],
    ['variables that are a list', '{"query":"{__typename}","variables":[]}'],
    ['variables that are text', '{"query":"{__typename}","variables":"{}"}'],
    ['extensions that are text', '{"query":"{__typename}","extensions":"{}"}'],
    ['a name that is a number', '{"query":"{__typename}","operationName":1}'],
    ['a hundred thousand brackets', '['.repeat(100_000)],
  ])('of %s is refused', async (_what, body) => {
    const { status, json } = await postGraphql(app.parley.url, body, key);
    expect({ status, code: json.errors[0].extensions.code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
  });

  it.each([
    ['nothing', undefined, 'application/json; charset=utf-8'],
    ['anything', '*/*', 'application/json; charset=utf-8'],
    [
      'a browser’s list',
      'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'application/json; charset=utf-8',
    ],
    ['the newer type', 'application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
    [
      'the newer type first',
      'application/json;q=0.5, application/graphql-response+json',
      'application/graphql-response+json; charset=utf-8',
    ],
    [
      'both, as Apollo does',
      'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
      'application/graphql-response+json; charset=utf-8',
    ],
    ['events', 'text/event-stream', 'text/event-stream; charset=utf-8'],
  ])('that accepts %s is answered so', async (_what, accept, type) => {
    const { status, headers } = await postGraphql(app.parley.url, QUERY, { ...key, ...(accept ? { accept } : {}) });
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type });
  });

  it('that accepts only what there is not is refused', async () => {
    const { status, json } = await postGraphql(app.parley.url, QUERY, {
      ...key,
      accept: 'image/png, application/json;q=0',
    });
    expect({ status, code: json.errors[0].extensions.code }).toEqual({ status: 406, code: 'UNSUPPORTED_MEDIA' });
  });
});

describe('any other method', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'HEAD'])('%s is refused', async (method) => {
    const { status, headers } = await httpRequest(`${app.parley.url}/graphql?query={__typename}`, {
      method,
      headers: key,
    });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET, POST' });
  });
});

describe('every answer', () => {
  const PATHS = [
    '/',
    '/nowhere',
    '//',
    '/graphql?query={__typename}',
    '/graphql',
    '/graphql/',
    '/health',
    '/health/nowhere',
    '/metrics',
    '/episodes',
    '/__proto__',
  ];

  it.each(PATHS)('of %s forbids to guess its type and to keep it, and names its request', async (path) => {
    const { headers } = await httpRequest(app.parley.url + path, { headers: { 'x-request-id': 'req-42' } });
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'x-request-id': 'req-42',
    });
  });

  it.each(['not an id', 'x'.repeat(65)])(
    'has an id of its own where the given one is implausible: %s',
    async (given) => {
      const { headers } = await httpRequest(`${app.parley.url}/health`, { headers: { 'x-request-id': given } });
      expect(headers['x-request-id']).toMatch(/^[\w-]{12}\.[0-9a-z]+$/);
    },
  );

  it.each(['/nowhere', '//', '/graphql/', '/health/nowhere', '/__proto__', '/%zz'])(
    'to %s is 404 in JSON',
    async (path) => {
      const { status, headers, json } = await httpRequest(app.parley.url + path);
      expect({ status, type: headers['content-type'] }).toEqual({
        status: 404,
        type: 'application/json; charset=utf-8',
      });
      expect(json.errors).toMatchObject([{ message: expect.any(String), extensions: { code: 'NOT_FOUND' } }]);
    },
  );
});

describe('in production', () => {
  const INTROSPECT = '{ __schema { types { name } } }';

  it.each([
    ['POST', () => postGraphql(production.url, { query: INTROSPECT })],
    ['GET', () => httpRequest(`${production.url}/graphql?query=${INTROSPECT}`)],
    [
      'a GET of events',
      () => httpRequest(`${production.url}/graphql?query=${INTROSPECT}`, { headers: { accept: 'text/event-stream' } }),
    ],
    ['a POST for events', () => postGraphql(production.url, { query: INTROSPECT }, { accept: 'text/event-stream' })],
  ])('%s does not introspect without a key', async (_way, send) => {
    const { status, json } = await send();
    expect({ status, code: json.errors[0].extensions.code, data: json.data }).toEqual({
      status: 401,
      code: 'UNAUTHENTICATED',
      data: undefined,
    });
  });

  it('a key may introspect', async () => {
    const { json } = await postGraphql(production.url, { query: INTROSPECT }, key);
    expect(json.data.__schema.types.length).toBeGreaterThan(10);
  });
});

describe('what is refused before it runs', () => {
  const REFUSED: [status: number, code: string, headers: Record<string, string>, body: string][] = [
    [400, 'BAD_USER_INPUT', bearer(ADMIN_KEY), '{'],
    [401, 'UNAUTHENTICATED', bearer('prl_x'), JSON.stringify({ query: '{ __typename }' })],
    [
      403,
      'FORBIDDEN',
      { ...bearer(ADMIN_KEY), 'x-act-as': 'nobody-there' },
      JSON.stringify({ query: '{ __typename }' }),
    ],
    [413, 'LIMIT_EXCEEDED', bearer(ADMIN_KEY), 'x'.repeat(300_000)],
  ];
  it.each(REFUSED)('with %i %s has the type that was accepted', async (status, code, headers, body) => {
    for (const accept of ['application/graphql-response+json', 'application/json']) {
      const answer = await postGraphql(app.parley.url, body, { ...headers, accept });
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toBe(`${accept}; charset=utf-8`);
      expect(answer.json.errors[0].extensions.code).toBe(code);
    }
  });

  it('is told also to those who still send and then close the connection', async () => {
    const body = Buffer.alloc(4_000_000, 'x'); // as bytes: to encode forty texts takes the client longer than headers may
    const headers = { 'content-type': 'application/json', ...bearer(ADMIN_KEY) };
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => httpRequest(`${app.parley.url}/graphql`, { method: 'POST', headers, body })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
  });

  it('for want of a good key says how to bring one', async () => {
    const wrong = await postGraphql(app.parley.url, { query: '{ viewer { id } }' }, bearer('prl_x'));
    const none = await postGraphql(app.parley.url, { query: '{ viewer { id } }' });
    const metrics = await httpRequest(`${app.parley.url}/metrics`);
    for (const { status, headers } of [wrong, none, metrics]) {
      expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
    }
  });

  it('a persisted query is told to come whole', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
    const posted = await postGraphql(app.parley.url, { extensions }, bearer(ADMIN_KEY));
    const got = await httpRequest(
      `${app.parley.url}/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`,
      { headers: { ...bearer(ADMIN_KEY), accept: 'application/json' } },
    );
    for (const { status, json } of [posted, got]) {
      expect(status).toBe(200);
      expect(json.errors).toEqual([
        { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
      ]);
    }
  });
});

describe('a client that leaves before its stream begins', () => {
  it('leaves nothing behind', async () => {
    const open = async () =>
      /^parley_event_streams (\d+)$/m.exec(
        (await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) })).text,
      )?.[1];
    const query = 'subscription { jobUpdated { id } }';
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const leaving = new AbortController();
        const stream = fetch(`${app.parley.url}/graphql?query=${query}`, {
          headers: { ...bearer(ADMIN_KEY), accept: 'text/event-stream' },
          signal: leaving.signal,
        }).catch(() => {});
        setTimeout(() => leaving.abort(), index / 2);
        await stream;
      }),
    );
    await until(open, (streams) => streams === '0');
  });
});
