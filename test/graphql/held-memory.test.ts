import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { makeConversation } from '../support/fixtures.ts';
import { connect, type Socket } from '../support/graphql-socket.ts';
import { bearer, postGraphql } from '../support/http.ts';
import type { User } from '../support/parley.ts';
import { residentBytes } from '../support/proc.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

/** What one user's subscriptions may hold is 40 KB times as much. */
const MAX_CONNECTIONS = 30;
const app = useParley({ env: { MAX_CONNECTIONS_PER_USER: String(MAX_CONNECTIONS) } });

/** Padded, as what is counted are bytes. */
const HELLO = '{ __typename }'.padEnd(1_000);
const follow = (conversationId: string, fields = 'id', variables = {}) => ({
  query: `subscription ($id: ID!) { messageAdded(conversationId: $id) { ${fields} } }`,
  variables: { id: conversationId, ...variables },
});

describe('requests under way', () => {
  const LENGTH = 256 * 1024;

  /** A request of which all but the last byte has been sent. */
  function beginRequest({ key }: User): ClientRequest {
    const headers = { ...bearer(key), 'content-type': 'application/json', 'content-length': LENGTH };
    const sent = request(`${app.parley.url}/graphql`, { method: 'POST', headers, agent: false });
    sent.on('error', () => {});
    sent.write('{"query":"{ __typename }"'.padEnd(LENGTH - 1));
    return sent;
  }

  it('have 16 MiB of one user at once; more are refused before they are read, and others are answered', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const begun = Array.from({ length: 64 }, () => beginRequest(ann));
    const say = (user: User) => postGraphql(app.parley.url, { query: HELLO }, bearer(user.key));
    const refused = await until(
      () => say(ann),
      ({ status }) => status === 429,
    );
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json.errors).toMatchObject([
      { message: expect.stringMatching(/^Requests of yours .* 16 MiB/), extensions: { code: 'RATE_LIMITED' } },
    ]);
    expect((await say(bob)).status).toBe(200);
    const socket = await connect(app.parley.url, bearer(ann.key));
    expect((await socket.run({ query: HELLO })).errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    for (const sent of begun.slice(1)) sent.destroy();
    await until(
      () => say(ann),
      ({ status }) => status === 200,
    );
    const [last] = begun as [ClientRequest];
    last.end('}');
    const [answer] = await once(last, 'response');
    expect(answer.statusCode).toBe(200);
    answer.resume();
    expect(await socket.run({ query: HELLO })).toMatchObject({ data: { __typename: 'Query' } });
    await socket.close();
  });
});

describe('subscriptions', () => {
  /** Begins subscriptions until one is refused; returns how many were not, and the refusal. */
  async function beginUntilRefused(socket: Socket, payloadOf: (number: number) => ReturnType<typeof follow>) {
    for (let number = 0; ; number += 1) {
      socket.send({ type: 'subscribe', id: `s${number}`, payload: payloadOf(number) });
      const { errors } = await socket.run({ query: HELLO });
      expect(errors).toBeUndefined();
      const refusal = socket.messages().find(({ id, type }) => id === `s${number}` && type !== 'complete');
      if (refusal) return { begun: number, refusal };
    }
  }

  it('hold so much of one user at once, those that share a document hold it once, and what ends makes room', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const [ofAnn, ofBob] = [await makeConversation(ann), await makeConversation(bob)];
    const long = (number: number | string) =>
      `id ${Array.from({ length: 15 }, (_, at) => `a${number}_${at}: content`).join(' ')}`;
    const socket = await connect(app.parley.url, bearer(ann.key));
    const alike = await beginUntilRefused(socket, () => follow(ofAnn, long('same')));
    expect(alike.begun).toBeGreaterThan(60);
    expect(alike.refusal.payload ?? []).toMatchObject({
      errors: [{ message: expect.stringMatching(/subscriptions hold .* MB/), extensions: { code: 'RATE_LIMITED' } }],
    });
    const other = await connect(app.parley.url, bearer(bob.key));
    const different = await beginUntilRefused(other, (number) => follow(ofBob, long(number)));
    expect(different.begun).toBeLessThan(alike.begun / 2);
    for (const id of ['s0', 's1', 's2', 's3', 's4']) other.send({ type: 'complete', id });
    await until(
      async () => {
        other.send({ type: 'subscribe', id: 'again', payload: follow(ofBob) });
        await other.run({ query: HELLO });
        return other.messages().filter(({ id }) => id === 'again');
      },
      (refusals) => refusals.length === 0,
    );
    await Promise.all([socket.close(), other.close()]);
  });

  it('hold nothing of what they were sent with beside', async () => {
    const server = await app.start('server');
    const ann = await server.user();
    const conversationId = await makeConversation(ann);
    const junk = Array.from({ length: 30_000 }, () => []);
    const sockets: Socket[] = [];
    const begin = async () => {
      const socket = await connect(server.url, { ...bearer(ann.key), junk });
      sockets.push(socket);
      for (let id = 0; id < 20; id += 1)
        socket.send({ type: 'subscribe', id: `${id}`, payload: { ...follow(conversationId, 'id', { junk }) } });
      await socket.run({ query: HELLO });
    };
    await begin();
    const before = residentBytes(server.process);
    expect(before).toBeGreaterThan(0);
    for (let count = 0; count < 20; count += 1) await begin();
    expect(residentBytes(server.process) - before).toBeLessThan(200 * 2 ** 20); // 30,000 lists take 1.2 MB
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  it('have ids of 255 letters at most', async () => {
    const ann = await app.user();
    const socket = await connect(app.parley.url, bearer(ann.key));
    const id = 'i'.repeat(256);
    socket.send({ type: 'subscribe', id, payload: { query: HELLO } });
    const { payload } = await socket.waitFor((message) => message.id === id);
    expect(payload).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit: 255, actual: 256 } }]);
    await socket.close();
  });
});
