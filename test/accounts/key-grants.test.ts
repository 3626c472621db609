import { describe, expect, it } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const CREATE =
  'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id expiresAt } } }';
const ROTATE = 'mutation ($id: ID!) { rotateApiKey(input: { apiKeyId: $id }) { secret apiKey { id expiresAt } } }';
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { revokedAt } } }';
const KEYS = '{ apiKeys { id name revokedAt } }';

type Answer = Awaited<ReturnType<Client['send']>>;
const codes = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);
const inDays = (days: number) => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString();

describe('whoever acts for a user', () => {
  it('makes none of their keys, and ends none', async () => {
    const ann = await app.user();
    const service = await app.user({ scopes: ['READ', 'WRITE', 'ACT_AS'] });
    const acting = clientOf(app.parley.url, service.key, { 'x-act-as': ann.username });
    const [{ id }] = (await acting.ask(KEYS)).apiKeys;
    expect(codes(await acting.send(CREATE, { input: { name: 'mine now' } }))).toEqual(['FORBIDDEN']);
    expect(codes(await acting.send(ROTATE, { id }))).toEqual(['FORBIDDEN']);
    expect(codes(await acting.send(REVOKE, { id }))).toEqual(['FORBIDDEN']);
    expect((await ann.ask(KEYS)).apiKeys).toEqual([{ id, name: 'test', revokedAt: null }]);
  });
});

describe('a key that expires', () => {
  it('makes none that outlives it, by whatever way', async () => {
    const ann = await app.user();
    const [longLived] = (await ann.ask(KEYS)).apiKeys;
    const expiresAt = inDays(1);
    const short = clientOf(
      app.parley.url,
      (await ann.ask(CREATE, { input: { name: 'short', expiresAt } })).createApiKey.secret,
    );
    const tooLong = await short.send(CREATE, { input: { name: 'longer', expiresAt: inDays(2) } });
    expect(codes(tooLong)).toEqual(['FORBIDDEN']);
    expect(tooLong.errors?.[0]?.message).toContain(expiresAt);
    expect((await short.ask(CREATE, { input: { name: 'same' } })).createApiKey.apiKey.expiresAt).toBe(expiresAt);
    expect((await short.ask(ROTATE, { id: longLived.id })).rotateApiKey.apiKey.expiresAt).toBe(expiresAt);
  });
});

describe('the keys of a user', () => {
  it('are at most a hundred that work, however many ask at once', async () => {
    const ann = await app.user();
    const answers = await Promise.all(
      Array.from({ length: 110 }, (_, index) => ann.send(CREATE, { input: { name: `key ${index}` } })),
    );
    const refused = answers.filter(({ errors }) => errors);
    expect(refused.map(codes)).toEqual(Array(11).fill(['LIMIT_EXCEEDED']));
    expect(refused[0]?.errors?.[0]?.extensions).toMatchObject({ limit: 100, actual: 100 });
    const id = answers.find(({ data }) => data)?.data.createApiKey.apiKey.id;
    expect(codes(await ann.send(ROTATE, { id }))).toBeUndefined();
    await ann.ask(REVOKE, { id: (await ann.ask(KEYS)).apiKeys[0].id });
    expect(codes(await ann.send(CREATE, { input: { name: 'room again' } }))).toBeUndefined();
  });
});
