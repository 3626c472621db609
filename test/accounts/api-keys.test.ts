import { describe, expect, it } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { connect, openSocket } from '../support/graphql-socket.ts';
import { bearer, httpRequest } from '../support/http.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { describeWith, REDIS_ENV } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { EVERY_TRANSPORT } from '../support/transports.ts';
import { until } from '../support/until.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const app = useParley({ env: { LOG_LEVEL: 'trace', SQL_ECHO: 'true', SLOW_QUERY_MS: '1' } });

const CREATE =
  'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id name prefix scopes expiresAt user { id } } } }';
const ROTATE =
  'mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { secret apiKey { id name scopes expiresAt revokedAt } } }';
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { id revokedAt } } }';
const KEYS = '{ apiKeys { id name prefix revokedAt expiresAt } }';
const VIEWER = '{ viewer { username } }';

const keyId = async (client: Client) => (await client.ask(KEYS)).apiKeys[0].id as string;
const as = (secret: string) => clientOf(app.parley.url, secret);
const codes = (answer: Awaited<ReturnType<Client['send']>>) => answer.errors?.map(({ extensions }) => extensions.code);
const works = async (secret: string) => (await as(secret).send(VIEWER)).status === 200;

describe('a request without a good key is UNAUTHENTICATED', () => {
  const secretOf = async (change: string) => {
    const { key } = await app.user();
    await sql(app.database, `UPDATE api_keys SET ${change} WHERE prefix = $1`, [key.slice(0, 12)]);
    return key;
  };
  const BAD: [what: string, authorization: () => Promise<string> | string][] = [
    ['a wrong key', () => `Bearer prl_${'w'.repeat(43)}`],
    ['half a key', () => `Bearer ${ADMIN_KEY.slice(0, 20)}`],
    ['a key with more behind it', () => `Bearer ${ADMIN_KEY} x`],
    ['another scheme', () => `Basic ${ADMIN_KEY}`],
    ['a bare key', () => ADMIN_KEY],
    ['an expired key', async () => `Bearer ${await secretOf("expires_at = now() - interval '1 second'")}`],
    ['a revoked key', async () => `Bearer ${await secretOf('revoked_at = now()')}`],
  ];

  it.each(BAD)('%s', async (_what, authorization) => {
    const given = { authorization: await authorization() };
    for (const accept of ['application/json', 'text/event-stream']) {
      const { status, json } = await httpRequest(`${app.parley.url}/graphql?query=${VIEWER}`, {
        headers: { ...given, accept },
      });
      expect({ status, code: json.errors[0].extensions.code, data: json.data }).toEqual({
        status: 401,
        code: 'UNAUTHENTICATED',
        data: undefined,
      });
    }
    const socket = await openSocket(app.parley.url);
    socket.send({ type: 'connection_init', payload: given });
    expect((await socket.closed).code).toBe(4403);
  });

  it.each(EVERY_TRANSPORT)('while a good one works by %s', async (_door, send) => {
    const ann = await app.user();
    expect(await send(app.parley.url, ann.key, { query: VIEWER })).toEqual({
      data: { viewer: { username: ann.username } },
    });
  });
});

describe('making a key', () => {
  it('gives a secret that works, and is kept only as a hash', async () => {
    const ann = await app.user();
    const { secret, apiKey } = (await ann.ask(CREATE, { input: { name: 'laptop' } })).createApiKey;
    expect(secret).toMatch(/^prl_[A-Za-z0-9_-]{43}$/);
    expect(apiKey).toEqual({
      id: expect.any(String),
      name: 'laptop',
      prefix: secret.slice(0, 12),
      scopes: ['READ', 'WRITE'],
      expiresAt: null,
      user: { id: ann.id },
    });
    expect((await as(secret).ask(VIEWER)).viewer.username).toBe(ann.username);
    const [{ dump } = { dump: '' }] = await sql<{ dump: string }>(
      app.database,
      'SELECT string_agg(k::text, chr(10)) AS dump FROM api_keys k',
    );
    expect(dump).toContain(secret.slice(0, 12));
    expect(dump).not.toContain(secret.slice(12));
  });

  it.each([['ADMIN'], ['ACT_AS'], ['READ', 'WRITE', 'ADMIN']])(
    'with scopes that one’s own key lacks is refused: %s',
    async (...scopes) => {
      const ann = await app.user();
      expect(codes(await ann.send(CREATE, { input: { name: 'more', scopes } }))).toEqual(['FORBIDDEN']);
      expect((await ann.ask(KEYS)).apiKeys).toHaveLength(1);
    },
  );

  it('for others is for ADMINs', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    expect(codes(await ann.send(CREATE, { input: { name: 'his', userId: bob.id } }))).toEqual(['FORBIDDEN']);
    const { secret } = (await app.admin.ask(CREATE, { input: { name: 'his', userId: bob.id } })).createApiKey;
    expect((await as(secret).ask(VIEWER)).viewer.username).toBe(bob.username);
  });

  it.each([
    ['input.name', { name: '' }],
    ['input.name', { name: 'a\0b' }],
    ['input.name', { name: 'x'.repeat(201) }],
    ['input.scopes', { name: 'none', scopes: [] }],
    ['input.expiresAt', { name: 'late', expiresAt: '2020-01-01T00:00:00Z' }],
    ['input.userId', { name: 'whose', userId: 'x' }],
  ])('with a bad %s is refused', async (field, input) => {
    const { errors } = await app.admin.send(CREATE, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
  });
});

describe('the list of keys', () => {
  it("shows one's own, newest first, ended ones too, and nobody else's", async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    for (const name of ['one', 'two']) await ann.ask(CREATE, { input: { name } });
    const keys = (await ann.ask(KEYS)).apiKeys;
    expect(keys.map(({ name }: { name: string }) => name)).toEqual(['two', 'one', 'test']);
    await ann.ask(REVOKE, { id: keys[0].id });
    expect((await ann.ask(KEYS)).apiKeys[0].revokedAt).toEqual(expect.any(String));
    expect((await bob.ask(KEYS)).apiKeys).toHaveLength(1);
  });

  it('of somebody else cannot be changed', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const id = await keyId(ann);
    expect(codes(await bob.send(REVOKE, { id }))).toEqual(['NOT_FOUND']);
    expect(codes(await bob.send(ROTATE, { input: { apiKeyId: id } }))).toEqual(['NOT_FOUND']);
    expect(await works(ann.key)).toBe(true);
  });
});

describe('rotating a key', () => {
  it('without grace ends the old secret at once', async () => {
    const ann = await app.user();
    const { secret, apiKey } = (await ann.ask(ROTATE, { input: { apiKeyId: await keyId(ann) } })).rotateApiKey;
    expect(apiKey).toMatchObject({ name: 'test', scopes: ['READ', 'WRITE'], expiresAt: null, revokedAt: null });
    expect([await works(ann.key), await works(secret)]).toEqual([false, true]);
  });

  it('with grace lets the old secret work on, until the grace is over', async () => {
    const ann = await app.user();
    const apiKeyId = await keyId(ann);
    const rotatedAt = Date.now();
    const { secret } = (await ann.ask(ROTATE, { input: { apiKeyId, graceSeconds: 600 } })).rotateApiKey;
    const [before, after] = [await works(ann.key), await works(secret)];
    expect([before, after]).toEqual([true, true]);
    const old = (await ann.ask(KEYS)).apiKeys.find(({ id }: { id: string }) => id === apiKeyId);
    expect(Date.parse(old.expiresAt)).toBeGreaterThanOrEqual(rotatedAt + 600_000);
    expect(Date.parse(old.expiresAt)).toBeLessThanOrEqual(Date.now() + 600_000);
    const ended = `UPDATE api_keys SET expires_at = expires_at - interval '10 minutes' WHERE prefix = $1`;
    await sql(app.database, ended, [ann.key.slice(0, 12)]);
    await until(
      () => works(ann.key),
      (stillWorks) => !stillWorks,
    );
    expect(await works(secret)).toBe(true);
  });

  it('does not lengthen the life of a key that ends before the grace', async () => {
    const ann = await app.user();
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { apiKey } = (await ann.ask(CREATE, { input: { name: 'short', expiresAt } })).createApiKey;
    const rotated = (await ann.ask(ROTATE, { input: { apiKeyId: apiKey.id, graceSeconds: 3600 } })).rotateApiKey;
    const old = (await ann.ask(KEYS)).apiKeys.find(({ id }: { id: string }) => id === apiKey.id);
    expect([rotated.apiKey.expiresAt, old.expiresAt]).toEqual([expiresAt, expiresAt]);
  });

  it('is refused for a key that has ended', async () => {
    const ann = await app.user();
    const { apiKey } = (await ann.ask(CREATE, { input: { name: 'ended' } })).createApiKey;
    await ann.ask(REVOKE, { id: apiKey.id });
    const { errors } = await ann.send(ROTATE, { input: { apiKeyId: apiKey.id } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.apiKeyId' } }]);
  });

  it('gives out no scope that the own key lacks', async () => {
    const admin = await app.user({ role: 'ADMIN', scopes: ['READ', 'WRITE', 'ADMIN'] });
    const { secret: lesser } = (await admin.ask(CREATE, { input: { name: 'lesser' } })).createApiKey;
    const strong = (await admin.ask(KEYS)).apiKeys.find(({ name }: { name: string }) => name === 'test').id;
    expect(codes(await as(lesser).send(ROTATE, { input: { apiKeyId: strong } }))).toEqual(['FORBIDDEN']);
    expect(await works(admin.key)).toBe(true);
  });

  it.each([-1, 30 * 24 * 3600 + 1])('with a grace of %i s is refused', async (graceSeconds) => {
    const ann = await app.user();
    const { errors } = await ann.send(ROTATE, { input: { apiKeyId: await keyId(ann), graceSeconds } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.graceSeconds' } }]);
  });
});

const STATE = 'subscription { healthChanged { status } }';

/** How long after `end` the socket and the stream of a key were cut, in seconds, and with what code. */
async function cutAfter(parley: Parley, key: string, end: () => Promise<unknown>) {
  const { url } = parley;
  const socket = await connect(url, bearer(key));
  socket.send({ type: 'subscribe', id: '1', payload: { query: STATE } });
  await socket.waitFor(({ id }) => id === '1');
  const stream = await fetch(`${url}/graphql?query=${STATE}`, {
    headers: { ...bearer(key), accept: 'text/event-stream' },
  });
  const streamed = new Promise<void>(
    (resolve) =>
      void stream.text().then(
        () => resolve(),
        () => resolve(),
      ),
  );
  await end();
  const elapsedMs = startStopwatch(parley);
  const seconds = async (ended: Promise<unknown>) => {
    await ended;
    return elapsedMs() / 1000;
  };
  const [socketSeconds, streamSeconds, { code }] = await Promise.all([
    seconds(socket.closed),
    seconds(streamed),
    socket.closed,
  ]);
  return { code, socketSeconds, streamSeconds };
}

describe('live connections end within two seconds', () => {
  const expectCut = ({ code, socketSeconds, streamSeconds }: Awaited<ReturnType<typeof cutAfter>>) => {
    expect(code).toBe(4403);
    expect(Math.max(socketSeconds, streamSeconds)).toBeLessThan(2);
  };

  it('when their key is revoked', async () => {
    const ann = await app.user();
    const id = await keyId(ann);
    expectCut(await cutAfter(app.parley, ann.key, () => app.admin.ask(REVOKE, { id })));
  });

  it('when it is rotated without grace', async () => {
    const ann = await app.user();
    const id = await keyId(ann);
    expectCut(await cutAfter(app.parley, ann.key, () => ann.ask(ROTATE, { input: { apiKeyId: id } })));
  });

  it('when it expires, and when another process revokes it, without a word between them', async () => {
    const [ann, starting] = [await app.user(), app.start('server')];
    const id = await keyId(ann);
    const expiresAt = new Date(Date.now() + 4_000);
    const { secret } = (await ann.ask(CREATE, { input: { name: 'short', expiresAt } })).createApiKey;
    const isExpired = () =>
      until(
        async () => Date.now(),
        (now) => now >= expiresAt.getTime(),
      );
    const [expired, revoked] = await Promise.all([
      cutAfter(app.parley, secret, isExpired),
      starting.then((other) => cutAfter(other, ann.key, () => app.admin.ask(REVOKE, { id }))),
    ]);
    expectCut(expired);
    expectCut(revoked);
  });
});

describeWith('redis', 'live connections on another process, through Redis', () => {
  const { start } = useProcesses({ env: REDIS_ENV });

  it('end at once when their key is revoked', async () => {
    const [here, there] = await Promise.all([start('server'), start('server')]);
    const { admin } = here;
    const { secret, apiKey } = (await admin.ask(CREATE, { input: { name: 'far' } })).createApiKey;
    const { code, socketSeconds, streamSeconds } = await cutAfter(there, secret, () =>
      admin.ask(REVOKE, { id: apiKey.id }),
    );
    expect(code).toBe(4403);
    expect(Math.max(socketSeconds, streamSeconds)).toBeLessThan(1);
  });
});

it('no secret is in the log, in an error or in the audit log', async () => {
  const ann = await app.user();
  const { secret } = (await ann.ask(CREATE, { input: { name: 'quiet' } })).createApiKey;
  const wrong = `prl_${'z'.repeat(43)}`;
  const answers = [
    await as(wrong).send(VIEWER),
    await as(secret).send('{ nope }'),
    await as(secret).send(ROTATE, { input: { apiKeyId: secret } }),
  ];
  const { auditLog } = await app.admin.ask('{ auditLog(first: 100) { edges { node { action detail } } } }');
  const everything = JSON.stringify([app.parley.log, app.parley.output, answers, auditLog]);
  expect(everything).toContain('api-key.create');
  for (const each of [ADMIN_KEY, ann.key, secret, wrong]) expect(everything).not.toContain(each.slice(12));
});
