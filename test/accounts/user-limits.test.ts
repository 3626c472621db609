import { describe, expect, it } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { bearer, type HttpAnswer, httpRequest, postGraphql } from '../support/http.ts';
import { SetUserLimits } from '../support/operations.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const POINTS = 600;
const app = useParley({ env: { RATE_LIMIT_POINTS: String(POINTS), MAX_STORAGE_GB: '0.01' } });

type Limits = { pointsPerMinute?: number | null; storageQuotaBytes?: number | null };

async function limit(userId: string, limits: Limits): Promise<unknown> {
  return (await app.admin.ask(SetUserLimits, { input: { userId, ...limits } })).setUserLimits?.user;
}

/** The points per minute that a request has, from its headers. */
const pointsOf = ({ headers }: HttpAnswer) => Number(/q=(\d+)/.exec(String(headers['ratelimit-policy']))?.[1]);

const ask = ({ key }: Pick<Client, 'key'>, headers: Record<string, string> = {}) =>
  postGraphql(app.parley.url, { query: '{ viewer { username } }' }, { ...bearer(key), ...headers });

const askUntil = (client: Pick<Client, 'key'>, points: number, headers?: Record<string, string>) =>
  until(
    () => ask(client, headers),
    (answer) => pointsOf(answer) === points,
  );

describe('the points of one user', () => {
  it('are fewer than those of all others, who keep theirs', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await limit(ann.id, { pointsPerMinute: 5 });
    await askUntil(ann, 5);
    const refused = await until(
      () => ask(ann),
      ({ status }) => status === 429,
    );
    expect((refused.json as any).errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', limit: 5 } }]);
    expect(pointsOf(await ask(bob))).toBe(POINTS);
  });

  it('are more, and those of all again', async () => {
    const ann = await app.user();
    await limit(ann.id, { pointsPerMinute: 10_000 });
    await askUntil(ann, 10_000);
    const pages = Array.from({ length: 80 }, () =>
      postGraphql(
        app.parley.url,
        { query: '{ conversations(first: 100) { edges { cursor node { id title } } } }' },
        bearer(ann.key),
      ),
    );
    expect((await Promise.all(pages)).map(({ status }) => status)).toEqual(Array(80).fill(200)); // 640 points
    await limit(ann.id, { pointsPerMinute: null });
    expect((await askUntil(ann, POINTS)).status).toBe(429);
  });

  it('hold for a service that acts for the user, and not for the service itself', async () => {
    const [ann, service] = [await app.user(), await app.user()];
    const { createApiKey } = await app.admin.ask(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { name: 'service', scopes: ['READ', 'ACT_AS'], userId: service.id } },
    );
    const acting = clientOf(app.parley.url, createApiKey.secret);
    await limit(ann.id, { pointsPerMinute: 7 });
    await askUntil(acting, 7, { 'x-act-as': ann.username });
    expect(pointsOf(await ask(acting))).toBe(POINTS);
  });
});

describe('the storage of one user', () => {
  const STORAGE = '{ storage { quotaBytes usedBytes } viewer { storageQuotaBytes pointsPerMinute } }';
  const upload = (client: Client, sizeBytes: number) =>
    client.send('mutation ($input: CreateEpisodeInput!) { createEpisode(input: $input) { episode { id } } }', {
      input: { filename: 'talk.mp3', sizeBytes },
    });

  it('is less than that of others, and none', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    await limit(ann.id, { storageQuotaBytes: 1_000 });
    expect((await upload(ann, 600)).errors).toBeUndefined();
    expect((await upload(ann, 600)).errors).toMatchObject([
      { extensions: { code: 'QUOTA_EXCEEDED', limit: 1_000, used: 600 } },
    ]);
    expect(await ann.ask(STORAGE)).toEqual({
      storage: { quotaBytes: 1_000, usedBytes: 600 },
      viewer: { storageQuotaBytes: 1_000, pointsPerMinute: null },
    });
    const { json } = await httpRequest(`${app.parley.url}/storage/stats`, { headers: bearer(ann.key) });
    expect(json).toMatchObject({ quotaBytes: 1_000, usedBytes: 600 });
    expect((await upload(bob, 2_000)).errors).toBeUndefined();
    await limit(ann.id, { storageQuotaBytes: 0 });
    expect((await upload(ann, 1)).errors).toMatchObject([{ extensions: { code: 'QUOTA_EXCEEDED', limit: 0 } }]);
    expect((await ann.ask('{ episodes { totalCount } }')).episodes.totalCount).toBe(1);
  });

  it('is more, and that of all again', async () => {
    const ann = await app.user();
    expect((await upload(ann, 20_000_000)).errors).toMatchObject([{ extensions: { code: 'QUOTA_EXCEEDED' } }]);
    expect(await limit(ann.id, { storageQuotaBytes: 30_000_000 })).toMatchObject({ storageQuotaBytes: 30_000_000 });
    expect((await upload(ann, 20_000_000)).errors).toBeUndefined();
    await limit(ann.id, { storageQuotaBytes: null });
    expect((await ann.ask(STORAGE)).storage).toEqual({ quotaBytes: 10_000_000, usedBytes: 20_000_000 });
  });
});

describe('limits', () => {
  it('are set by ADMINs only, of users who are there, within bounds', async () => {
    const ann = await app.user();
    const codeOf = async (client: Client, input: Limits & { userId: string }) =>
      (await client.send(SetUserLimits, { input })).errors?.[0]?.extensions;
    expect(await codeOf(ann, { userId: ann.id, pointsPerMinute: 1_000_000 })).toMatchObject({ code: 'FORBIDDEN' });
    const nobody = Buffer.from('User:01900000-0000-7000-8000-000000000000').toString('base64url');
    expect(await codeOf(app.admin, { userId: nobody, pointsPerMinute: 5 })).toMatchObject({ code: 'NOT_FOUND' });
    for (const [field, value] of [
      ['pointsPerMinute', 0],
      ['pointsPerMinute', 2_000_000_001],
      ['storageQuotaBytes', -1],
    ] as const)
      expect(await codeOf(app.admin, { userId: ann.id, [field]: value })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: `input.${field}`,
      });
    expect(await ann.ask('{ viewer { storageQuotaBytes pointsPerMinute } }')).toEqual({
      viewer: { storageQuotaBytes: null, pointsPerMinute: null },
    });
  });
});
