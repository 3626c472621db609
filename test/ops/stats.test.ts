import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { makeEpisode, processToEnd } from '../support/fixtures.ts';
import { bearer, httpRequest } from '../support/http.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();
const get = (path: string, key: string, method = 'GET') =>
  httpRequest(`${app.parley.url}${path}`, { method, headers: bearer(key) });

describe.each(['/queue/stats', '/storage/stats'])('%s', (path) => {
  it('is for keys with READ, by GET', async () => {
    const writer = await app.user({ scopes: ['WRITE'] });
    const reader = await app.user({ scopes: ['READ'] });
    expect((await get(path, reader.key)).status).toBe(200);
    expect((await get(path, writer.key)).status).toBe(403);
    expect((await get(path, `prl_${'x'.repeat(43)}`)).status).toBe(401);
    expect((await httpRequest(app.parley.url + path)).status).toBe(401);
    expect((await get(path, reader.key, 'POST')).status).toBe(405);
  });

  it('may be asked for no more than a key has points', async () => {
    const { headers } = await get(path, (await app.user()).key);
    expect(Number(headers['ratelimit-remaining'] ?? /r=(\d+)/.exec(String(headers.ratelimit))?.[1])).toBeGreaterThan(0);
  });
});

it('nobody but an ADMIN is told of what others do', async () => {
  const [ann, bob] = [await app.user(), await app.user()];
  await processToEnd(ann, await makeEpisode(ann));
  const QUEUE = '{ queueStats { queued running succeededLastHour failedLastHour kinds { kind queued running } } }';
  // The process itself has jobs, too: both have the same as soon as none comes or ends between them.
  const numbersOf = async (key: string) => {
    const { json } = await until(
      async () => ({
        json: (await get('/queue/stats', key)).json,
        ...(await app.parley.as({ key }).ask(QUEUE)),
      }),
      ({ json, queueStats }) => isDeepStrictEqual(toQueueStats(json), queueStats),
    );
    return json;
  };
  expect(await numbersOf(bob.key)).toMatchObject({ queued: 0, running: 0, succeededLastHour: 0, failedLastHour: 0 });
  const done = (await numbersOf(ann.key)).succeededLastHour;
  expect(done).toBeGreaterThan(0);
  expect((await numbersOf(ADMIN_KEY)).succeededLastHour).toBeGreaterThanOrEqual(done);
  const readOnly = await app.admin.ask(
    'mutation { createApiKey(input: { name: "reads", scopes: [READ] }) { secret } }',
  );
  expect((await numbersOf(readOnly.createApiKey.secret)).succeededLastHour, 'the key, not the user').toBeLessThan(done);
});

/** What the API was asked for of what the path tells. */
const toQueueStats = ({ queued, running, succeededLastHour, failedLastHour, kinds }: any) => ({
  ...{ queued, running, succeededLastHour, failedLastHour },
  kinds: kinds.map(({ kind, queued, running }: any) => ({ kind, queued, running })),
});
