import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAuthentication } from '#domain/accounts/authentication.ts';
import { fakeCacheClock } from '../support/fake-cache-clock.ts';

const CREDENTIALS = { secret: `prl_${'k'.repeat(43)}`, actAs: null };
const ROW = {
  ordinal: 1,
  apiKeyId: 'key',
  userId: 'user',
  role: 'USER',
  scopes: ['READ'],
  expiresAt: null,
  revoked: false,
};

/** Between when an identity is renewed and when it is no longer known. */
const RENEWABLE_MS = 600;

let lookups: PromiseWithResolvers<unknown[]>[];
let authentication: ReturnType<typeof createAuthentication>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  fakeCacheClock();
  lookups = [];
  const sql = () => {
    lookups.push(Promise.withResolvers());
    return lookups.at(-1)?.promise;
  };
  authentication = createAuthentication({ sql: sql as never }, () => new Date());
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function answerLookup(number: number, rows: unknown[]): Promise<void> {
  await vi.waitFor(() => expect(lookups).toHaveLength(number));
  lookups[number - 1]?.resolve(rows);
}

async function identifyFirst(): Promise<void> {
  const first = authentication.identify(CREDENTIALS);
  await answerLookup(1, [ROW]);
  await expect(first).resolves.toMatchObject({ userId: 'user' });
}

it('a key in use is read again beside its requests, none of which waits', async () => {
  await identifyFirst();
  vi.advanceTimersByTime(RENEWABLE_MS);
  await expect(authentication.identify(CREDENTIALS)).resolves.toMatchObject({ userId: 'user' });
  await answerLookup(2, [{ ...ROW, userId: 'renewed' }]);
  await vi.waitFor(async () => expect(await authentication.identify(CREDENTIALS)).toMatchObject({ userId: 'renewed' }));
  expect(lookups).toHaveLength(2);
});

it('a key that has ended meanwhile is refused from then on', async () => {
  await identifyFirst();
  vi.advanceTimersByTime(RENEWABLE_MS);
  await authentication.identify(CREDENTIALS);
  await answerLookup(2, [{ ...ROW, revoked: true }]);
  await vi.waitFor(() => expect(authentication.identify(CREDENTIALS)).rejects.toThrow('This API key was revoked'));
});

it('what was looked up before keys changed is not kept', async () => {
  await identifyFirst();
  vi.advanceTimersByTime(RENEWABLE_MS);
  await authentication.identify(CREDENTIALS);
  await vi.waitFor(() => expect(lookups).toHaveLength(2));
  authentication.forget();
  const refused = expect(authentication.identify(CREDENTIALS)).rejects.toThrow('This API key was revoked');
  await answerLookup(2, [ROW]);
  await answerLookup(3, [{ ...ROW, revoked: true }]);
  await refused;
  await expect(authentication.identify(CREDENTIALS)).rejects.toThrow('This API key was revoked');
});
