import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Client, clientOf } from '../support/client.ts';
import { connect } from '../support/graphql-socket.ts';
import { bearer, type HttpAnswer, httpRequest, postGraphql } from '../support/http.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { describeWith, REDIS_ENV } from '../support/requirements.ts';
import { EVERY_TRANSPORT, TRANSPORTS, type Transport } from '../support/transports.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const POINTS = 20;
const app = useParley({ env: { RATE_LIMIT_POINTS: String(POINTS) } });
/** Makes the users, so that their budgets and the admin's on `app` stay whole. */
let generous: Parley;

beforeAll(async () => {
  generous = await app.start('server');
});

const QUERY = { query: '{ viewer { username } }' };
/** Costs 400 points of cost, so 8 of the budget. */
const DEAR = { query: '{ conversations(first: 100) { edges { cursor node { id title } } } }' };

/** The key of a new user. */
const newKey = async () => (await generous.user()).key;

/** Another key of the same user. */
async function anotherKey(key: string): Promise<string> {
  const made = await clientOf(generous.url, key).ask('mutation { createApiKey(input: { name: "more" }) { secret } }');
  return made.createApiKey.secret;
}

const ask = (key: string, operation: Record<string, unknown> = QUERY) =>
  postGraphql(app.parley.url, operation, bearer(key));

async function spend(key: string): Promise<void> {
  await until(
    () => ask(key),
    ({ status }) => status === 429,
  );
}

describe("a user's budget", () => {
  it('is spent by pings, too: the socket that only pings is closed', async () => {
    const socket = new WebSocket(`${app.parley.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    const key = await newKey();
    socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(key) }));
    await once(socket, 'message');
    const closed = once(socket, 'close');
    const isOpen = () => socket.readyState === socket.OPEN;
    for (let pings = 0; pings < 32 * (POINTS + 1) && isOpen(); pings += 1) {
      socket.send(JSON.stringify({ type: 'ping' }));
      socket.ping();
      await Promise.race([once(socket, 'pong'), closed]);
    }
    expect((await closed)[0]).toBe(1013);
    expect((await ask(key)).status).toBe(429);
  });

  it('is told with every answer', async () => {
    const key = await newKey();
    const rateLimitHeaders = ({ headers }: HttpAnswer) => [headers['ratelimit-policy'], headers.ratelimit];
    expect(rateLimitHeaders(await ask(key))).toEqual([
      `"points";q=${POINTS};w=60`,
      expect.stringMatching(/^"points";r=19;t=\d+$/),
    ]);
    expect(rateLimitHeaders(await ask(key))[1]).toMatch(/r=18;/);
    const got = await httpRequest(`${app.parley.url}/graphql?query=${QUERY.query}`, { headers: bearer(key) });
    expect(rateLimitHeaders(got)[1]).toMatch(/r=17;/);
  });

  it('goes down by what an operation costs', async () => {
    const key = await newKey();
    const left = ({ headers }: HttpAnswer) => Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1]);
    const [cheap, dear] = [left(await ask(key)), left(await ask(key, DEAR))];
    expect(cheap).toBe(POINTS - 1);
    expect(dear).toBeLessThan(cheap - 5);
  });

  it('refuses when it is spent, and says when to come again', async () => {
    const key = await newKey();
    const answers: HttpAnswer[] = [];
    for (let count = 0; count <= POINTS; count += 1) answers.push(await ask(key));
    expect(answers.map(({ status }) => status)).toEqual([...Array(POINTS).fill(200), 429]);
    const { headers, json } = answers.at(-1) as HttpAnswer;
    const seconds = Number(headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(headers.ratelimit).toBe(`"points";r=0;t=${seconds}`);
    expect(json).toEqual({
      errors: [
        {
          message: expect.stringContaining(`${seconds} s`),
          extensions: { code: 'RATE_LIMITED', limit: POINTS, remaining: 0, retryAfterSeconds: seconds },
        },
      ],
    });
  });

  it('is shared by all keys of theirs, and is nobody else’s', async () => {
    const key = await newKey();
    const more = await anotherKey(key);
    await spend(key);
    expect((await ask(more)).status).toBe(429);
    expect((await ask(await newKey())).status).toBe(200);
  });

  it('is spent by whoever acts for them, who spends nothing of their own', async () => {
    const ann = await generous.user();
    const service = await generous.user({ scopes: ['READ', 'ACT_AS'] });
    const actAs = { ...bearer(service.key), 'x-act-as': ann.username };
    await until(
      () => postGraphql(app.parley.url, QUERY, actAs),
      ({ status }) => status === 429,
    );
    expect((await ask(ann.key)).status).toBe(429);
    expect((await ask(service.key)).status).toBe(200);
  });

  it.each([
    ['a document that is none', JSON.stringify({ query: '{' })],
    ['a body that is none', '{'],
    ['an unknown field', JSON.stringify({ query: '{ nope }' })],
  ])('pays for %s too, before it is read', async (_what, body) => {
    const key = await newKey();
    const statuses: number[] = [];
    for (let count = 0; count <= POINTS; count += 1) {
      statuses.push((await postGraphql(app.parley.url, body, bearer(key))).status);
    }
    expect(statuses.slice(0, -1).every((status) => status === 200 || status === 400)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
  });

  it('pays for the bytes of a body', async () => {
    const key = await newKey();
    const { headers } = await ask(key, { ...QUERY, variables: { x: 'x'.repeat(200_000) } });
    expect(headers.ratelimit).toMatch(/r=16;/);
  });

  it.each(EVERY_TRANSPORT)('counts what comes by %s', async (_door, send: Transport) => {
    const key = await newKey();
    await spend(key);
    const { data, errors } = await send(app.parley.url, key, QUERY);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } }]);
  });

  it.each(['an HTTP POST', 'a POST for server-sent events', 'a WebSocket'] as const)(
    'pays five points for a mutation at least, by %s',
    async (door) => {
      const key = await newKey();
      const mutation = { query: 'mutation { createConversation(input: {}) { conversation { id } } }' };
      const send: Transport = TRANSPORTS[door];
      expect((await send(app.parley.url, key, mutation)).errors).toBeUndefined();
      expect((await ask(key)).headers.ratelimit).toMatch(new RegExp(`r=${POINTS - 6};`));
    },
  );

  it('refuses subscriptions too, and leaves their socket open', async () => {
    const key = await newKey();
    await spend(key);
    const socket = await connect(app.parley.url, bearer(key));
    const refused = await socket.run({ query: 'subscription { healthChanged { status } }' });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    socket.send({ type: 'ping' });
    await socket.waitFor(({ type }) => type === 'pong');
    await socket.close();
  });
});

describe('wrong keys', () => {
  const wrong = (index: number) => `prl_${String(index).padStart(43, 'w')}`;
  let good: Client;

  beforeAll(async () => {
    good = clientOf(app.parley.url, await newKey());
    for (let index = 0; index < 20; index += 1) expect((await ask(wrong(index))).status).toBe(401);
  });

  it('are refused for their address after twenty in a minute', async () => {
    const { status, headers, json } = await ask(wrong(20));
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(json.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } },
    ]);
  });

  it('lock out no good key of the same address, even one that was never seen', async () => {
    expect((await good.send(QUERY.query)).status).toBe(200);
    const socket = await connect(app.parley.url, bearer(await newKey()));
    expect(await socket.run(QUERY)).toEqual({ data: { viewer: { username: expect.any(String) } } });
    await socket.close();
  });

  it('that are new each time are looked up together, however many they are', async () => {
    const statements = async () =>
      Number(
        /^parley_sql_statements_total (\d+)$/m.exec(
          (await httpRequest(`${app.parley.url}/metrics`, { headers: bearer(ADMIN_KEY) })).text,
        )?.[1],
      );
    const before = await statements();
    const late = newKey();
    const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => ask(wrong(1_000 + index))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([429]));
    expect((await ask(await late)).status).toBe(200);
    expect((await statements()) - before).toBeLessThan(100);
  });

  it('count however they are wrong', async () => {
    for (const key of ['prl_x', 'nonsense', wrong(0)]) expect((await ask(key)).status).toBe(429);
  });
});

describeWith('redis', 'two processes on one Redis', () => {
  let servers: Parley[] = [];
  beforeAll(async () => {
    const env = { ...REDIS_ENV, RATE_LIMIT_POINTS: '4' };
    servers = await Promise.all([app.start('server', env), app.start('server', env)]);
  });

  it('take from one budget', async () => {
    const key = await newKey();
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      statuses.push((await postGraphql((servers[count % 2] as Parley).url, QUERY, bearer(key))).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });
});

describe('the limit of one key', () => {
  const UPDATE = /* GraphQL */ `mutation ($input: UpdateApiKeyInput!) {
    updateApiKey(input: $input) { apiKey { id pointsPerMinute } }
  }`;
  const CREATE = /* GraphQL */ `mutation ($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret apiKey { id pointsPerMinute } }
  }`;
  const makeKey = async (userId: string, pointsPerMinute: number) => {
    const input = { name: 'small', scopes: ['READ', 'WRITE'], userId, pointsPerMinute };
    return (await generous.admin.ask(CREATE, { input })).createApiKey;
  };

  it('refuses that key when it is spent, and leaves its user the rest', async () => {
    const user = await generous.user();
    const { secret, apiKey } = await makeKey(user.id, 3);
    expect(apiKey.pointsPerMinute).toBe(3);
    const answers: HttpAnswer[] = [];
    for (let count = 0; count < 5; count += 1) answers.push(await ask(secret));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(answers[0]?.headers['ratelimit-policy']).toBe('"points";q=3;w=60');
    expect((await ask(user.key)).headers.ratelimit).toMatch(new RegExp(`r=${POINTS - 4};`));
  });

  it('is set by ADMINs only, within what a user has, and is taken away again', async () => {
    const user = await generous.user();
    const { apiKey, secret } = await makeKey(user.id, 1);
    const update = (client: Client, pointsPerMinute: number | null) =>
      client.send(UPDATE, { input: { apiKeyId: apiKey.id, pointsPerMinute } });
    expect((await update(user, 5)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const input = { name: 'mine', pointsPerMinute: 5 };
    expect((await user.send(CREATE, { input })).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    for (const wrong of [0, -1, 2_000_000_000])
      expect((await update(generous.admin, wrong)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', field: 'input.pointsPerMinute' } },
      ]);
    expect((await update(generous.admin, null)).data.updateApiKey.apiKey.pointsPerMinute).toBeNull();
    await until(
      () => ask(secret),
      ({ headers }) => headers['ratelimit-policy'] === `"points";q=${POINTS};w=60`,
    );
  });
});
