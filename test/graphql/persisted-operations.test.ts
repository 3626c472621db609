import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import { NotSetUp } from '#domain/core/errors.ts';
import { openPersistedOperations } from '#http/graphql/persisted-operations.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { connect } from '../support/graphql-socket.ts';
import { bearer, httpRequest, postGraphql } from '../support/http.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { EVERY_TRANSPORT } from '../support/transports.ts';
import { useProcesses } from '../support/use-parley.ts';

const VIEWER = 'query Viewer { viewer { username } }';
const OTHER = '{ viewer { id } }';
const ID = createHash('sha1').update(VIEWER).digest('hex');
const APOLLO_ID = createHash('sha256').update(VIEWER).digest('hex');
const HEALTH = 'subscription Health { healthChanged { version } }';

const app = useProcesses();
const cleanup = useCleanup();
const directory = createDirectory(cleanup);
const write = (name: string, content: unknown) => {
  const file = join(directory, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

const send = (parley: Parley, key: string, body: object) => postGraphql(parley.url, body, bearer(key));

/** Each way of naming a document. */
const NAMED: [string, object][] = [
  ['documentId', { documentId: ID }],
  ['the extension of Apollo', { extensions: { persistedQuery: { version: 1, sha256Hash: ID } } }],
];

describe('a server that runs only the operations of its list', () => {
  let parley: Parley;
  let user: { key: string; username: string };
  beforeAll(async () => {
    const file = write('documents.json', { [ID]: VIEWER, health: HEALTH });
    const env = { PERSISTED_OPERATIONS: file, PERSISTED_OPERATIONS_ONLY: 'true', RESPONSE_CACHE_MB: '8' };
    parley = await app.start('server', env);
    user = await parley.user();
  });

  it.each(EVERY_TRANSPORT)('refuses any other over %s, and runs one that is sent whole', async (_name, transport) => {
    for (const query of [OTHER, `${VIEWER} `, '{ __schema { types { name } } }', '{ nothing', 'mutation { x }']) {
      const { errors, data } = await transport(parley.url, user.key, { query });
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([
        { message: expect.stringContaining('only the operations'), extensions: { code: 'PERSISTED_QUERY_ONLY' } },
      ]);
    }
    const listed = await transport(parley.url, user.key, { query: VIEWER });
    expect(listed).toEqual({ data: { viewer: { username: user.username } } });
    const ofAdmin = await transport(parley.url, ADMIN_KEY, { query: OTHER });
    expect(ofAdmin.data.viewer.id).toEqual(expect.any(String));
  });

  it.each(NAMED)('finds a document by %s, by POST, GET, SSE and WebSocket', async (_name, named) => {
    const data = { viewer: { username: user.username } };
    for (let time = 0; time < 3; time += 1)
      expect(await send(parley, user.key, named)).toMatchObject({ status: 200, json: { data } });
    const search = new URLSearchParams(
      Object.entries(named).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
    const headers = { ...bearer(user.key), accept: 'application/json' };
    expect((await httpRequest(`${parley.url}/graphql?${search}`, { headers })).json).toEqual({ data });
    const events = await postGraphql(parley.url, named, { ...bearer(user.key), accept: 'text/event-stream' });
    expect(events.text).toContain(JSON.stringify({ data }));
    const socket = await connect(parley.url, bearer(user.key));
    expect(await socket.run({ query: '', ...named })).toEqual({ data });
    await socket.close();
  });

  it('subscribes by id', async () => {
    const socket = await connect(parley.url, bearer(user.key));
    socket.send({ type: 'subscribe', id: 'health', payload: { query: '', documentId: 'health' } });
    const { payload } = await socket.waitFor(({ id }) => id === 'health');
    expect(payload).toEqual({ data: { healthChanged: { version: expect.any(String) } } });
    await socket.close();
  });

  it('says that it does not know an id, also one that every object has', async () => {
    for (const documentId of ['0'.repeat(40), 'constructor', '__proto__']) {
      const { status, json } = await send(parley, user.key, { documentId });
      expect({ status, errors: json.errors }).toEqual({
        status: 200,
        errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      });
    }
    const both = await send(parley, user.key, { documentId: ID, query: OTHER });
    expect(both.json.errors[0].extensions.code).toBe('PERSISTED_QUERY_ONLY');
    const none = await send(parley, user.key, { query: '' });
    expect(none.json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});

it("a server with Apollo's manifest runs others, too", async () => {
  const file = write('manifest.json', {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: APOLLO_ID, name: 'Viewer', type: 'query', body: VIEWER }],
  });
  const parley = await app.start('server', { PERSISTED_OPERATIONS: file });
  const { key, username } = await parley.user();
  const extensions = { persistedQuery: { version: 1, sha256Hash: APOLLO_ID } };
  expect((await send(parley, key, { extensions })).json).toEqual({ data: { viewer: { username } } });
  expect((await send(parley, key, { query: OTHER })).json).toHaveProperty('data.viewer.id');
});

it('a file is read with a byte order mark, too', async () => {
  const file = write('marked.json', `\ufeff${JSON.stringify({ [ID]: VIEWER })}`);
  const { textOf } = await openPersistedOperations({ file, only: false });
  expect(textOf({ query: '', documentId: ID }, SYSTEM_ACTOR)).toBe(VIEWER);
});

it.each([
  ['that is not there', () => join(directory, 'nowhere.json'), 'cannot be read'],
  ['that is no JSON', () => write('text.json', 'query'), 'has to be a JSON object'],
  ['that is no manifest', () => write('list.json', [VIEWER]), 'has to be a JSON object'],
])('a file %s ends the start with a sentence', async (_what, file, sentence) => {
  const opened = openPersistedOperations({ file: file(), only: true });
  await expect(opened).rejects.toThrow(new RegExp(`^PERSISTED_OPERATIONS ${sentence}`));
  await expect(opened).rejects.toBeInstanceOf(NotSetUp);
});
