import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bearer, httpRequest } from '../support/http.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import {
  beginPatch,
  createUpload,
  EpisodeState,
  head,
  listStored,
  makeBytes,
  patch,
  sha256,
  TUS,
} from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const ORIGIN = 'https://app.example';
const app = useParley({ env: { MAX_FILE_SIZE: '3000000', MAX_STORAGE_GB: '0.01', CORS_ORIGINS: ORIGIN } });
const stored = () => listStored(app.database.env.DATA_DIR as string);
const BYTES = makeBytes(100_000);

describe('an upload', () => {
  it('arrives part by part, is told as it comes, and is checked by a job when it is whole', async () => {
    const ann = await app.user();
    const { episodeId, url } = await createUpload(ann, BYTES.length);
    expect(url).toBe(`${app.parley.url}/uploads/${url.split('/').at(-1)}`);
    const changes = ann.follow(`subscription ($id: ID!) { episodeUpdated(episodeId: $id) { status receivedBytes } }`, {
      id: episodeId,
    });
    expect((await changes.next()).value?.data).toEqual({ episodeUpdated: { status: 'UPLOADING', receivedBytes: 0 } });
    expect((await head(ann, url)).headers).toMatchObject({
      'upload-offset': '0',
      'upload-length': '100000',
      'cache-control': 'no-store',
      'tus-resumable': '1.0.0',
    });
    const first = await patch(ann, url, { offset: 0, body: BYTES.subarray(0, 60_000) });
    expect([first.status, first.headers['upload-offset'], first.text]).toEqual([204, '60000', '']);
    expect(Date.parse(String(first.headers['upload-expires']))).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    expect((await changes.next()).value?.data).toEqual({
      episodeUpdated: { status: 'UPLOADING', receivedBytes: 60_000 },
    });
    const last = await patch(ann, url, { offset: 60_000, body: BYTES.subarray(60_000) });
    expect([last.status, last.headers['upload-offset'], last.headers['upload-expires']]).toEqual([
      204,
      '100000',
      undefined,
    ]);
    expect((await head(ann, url)).headers['upload-offset']).toBe('100000');
    const { episode } = await ann.ask(EpisodeState, { id: episodeId });
    expect(episode).toMatchObject({ receivedBytes: BYTES.length, upload: null, job: { kind: 'PROCESS_EPISODE' } });
    expect(stored().map((file) => file.sha256)).toContain(sha256(BYTES));
    await changes.return(undefined);
  });

  it('is nobody else’s: others, and keys that may not write, do not even see it', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const reader = await app.user({ scopes: ['READ'] });
    const { url } = await createUpload(ann, BYTES.length);
    await patch(ann, url, { offset: 0, body: BYTES.subarray(0, 10) });
    const statusOf = async (key: string) =>
      Promise.all(
        ['HEAD', 'PATCH', 'DELETE'].map(async (method) => {
          const headers = {
            ...bearer(key),
            ...TUS,
            'content-type': 'application/offset+octet-stream',
            'upload-offset': '10',
          };
          return (await httpRequest(url, { method, headers, ...(method === 'PATCH' ? { body: 'evil' } : {}) })).status;
        }),
      );
    expect(await statusOf(bob.key)).toEqual([404, 404, 404]);
    expect(await statusOf(app.admin.key)).toEqual([404, 404, 404]);
    expect(await statusOf(reader.key)).toEqual([403, 403, 403]);
    expect((await httpRequest(url, { method: 'HEAD', headers: TUS })).status).toBe(401);
    expect((await head(ann, url)).headers['upload-offset']).toBe('10');
    for (const id of ['', 'x', '..%2f..', '00000000-0000-7000-8000-000000000000'])
      expect((await head(ann, `${app.parley.url}/uploads/${id}`)).status).toBe(404);
  });

  it('goes by the protocol', async () => {
    const ann = await app.user();
    const { url } = await createUpload(ann, BYTES.length);
    const send = (method: string, headers: Record<string, string>, body?: Uint8Array) =>
      httpRequest(url, { method, headers: { ...bearer(ann.key), ...headers }, ...(body ? { body } : {}) });
    const noVersion = await send('HEAD', {});
    expect([noVersion.status, noVersion.headers['tus-version']]).toEqual([412, '1.0.0']);
    expect((await send('HEAD', { 'tus-resumable': '0.2.2' })).status).toBe(412);
    expect((await patch(ann, url, { offset: 0, body: BYTES, headers: { 'content-type': 'audio/mpeg' } })).status).toBe(
      415,
    );
    const ahead = await patch(ann, url, { offset: 5, body: BYTES.subarray(5, 10) });
    expect([ahead.status, ahead.headers['upload-offset'], ahead.json.errors[0].extensions.code]).toEqual([
      409,
      '0',
      'CONFLICT',
    ]);
    for (const offset of ['-1', 'x', '1e3', ''])
      expect((await patch(ann, url, { offset: 0, body: BYTES, headers: { 'upload-offset': offset } })).status).toBe(
        400,
      );
    const tooMuch = await patch(ann, url, { offset: 0, body: makeBytes(BYTES.length + 1) });
    expect([tooMuch.status, tooMuch.json.errors[0].extensions]).toEqual([
      413,
      { code: 'FILE_TOO_LARGE', limit: BYTES.length },
    ]);
    expect((await send('POST', TUS)).status).toBe(405);
    expect((await send('GET', TUS)).status).toBe(405);
    const overridden = await httpRequest(url, {
      method: 'POST',
      headers: {
        ...bearer(ann.key),
        ...TUS,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
        'x-http-method-override': 'PATCH',
      },
      body: BYTES.subarray(0, 7),
    });
    expect([overridden.status, overridden.headers['upload-offset']]).toEqual([204, '7']);
    const options = await httpRequest(`${app.parley.url}/uploads`, { method: 'OPTIONS' });
    expect(options.headers).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'termination,checksum,expiration',
      'tus-checksum-algorithm': 'sha256,sha1,md5',
      'tus-max-size': '3000000',
    });
    expect((await send('DELETE', TUS)).status).toBe(204);
    expect((await send('DELETE', TUS)).status).toBe(404);
    expect((await head(ann, url)).status).toBe(404);
  });

  it('that is complete cannot be cancelled, and says what deletes it instead', async () => {
    const ann = await app.user();
    const { episodeId, url } = await createUpload(ann, 10);
    await patch(ann, url, { offset: 0, body: BYTES.subarray(0, 10) });
    const { status, json } = await httpRequest(url, { method: 'DELETE', headers: { ...bearer(ann.key), ...TUS } });
    expect([status, json.errors]).toEqual([
      410,
      [
        {
          message: expect.stringContaining('delete its episode with `deleteEpisode`'),
          extensions: { code: 'CONFLICT', episodeId },
        },
      ],
    ]);
    expect((await head(ann, url)).headers['upload-offset']).toBe('10');
  });

  it('may be sent from the pages that are listed, which can read what they need', async () => {
    const ann = await app.user();
    const { url } = await createUpload(ann, 10);
    const preflight = await httpRequest(url, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'PATCH' },
    });
    expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
    for (const name of ['authorization', 'tus-resumable', 'upload-offset', 'content-type', 'upload-checksum'])
      expect(preflight.headers['access-control-allow-headers']).toContain(name);
    const answer = await httpRequest(url, { method: 'HEAD', headers: { ...bearer(ann.key), ...TUS, origin: ORIGIN } });
    for (const name of ['upload-offset', 'upload-length', 'tus-resumable', 'upload-expires'])
      expect(answer.headers['access-control-expose-headers']).toContain(name);
    const foreign = await httpRequest(url, {
      method: 'HEAD',
      headers: { ...bearer(ann.key), ...TUS, origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
  });

  it.each(['sha256', 'sha1', 'md5'])('counts with a checksum of %s only what has it', async (algorithm) => {
    const ann = await app.user();
    const { url } = await createUpload(ann, BYTES.length);
    const checksum = (bytes: Uint8Array) => ({
      'upload-checksum': `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`,
    });
    const half = BYTES.subarray(0, 50_000);
    const wrong = await patch(ann, url, { offset: 0, body: half, headers: checksum(BYTES) });
    expect([wrong.status, wrong.headers['upload-offset']]).toEqual([460, '0']);
    const right = await patch(ann, url, { offset: 0, body: half, headers: checksum(half) });
    expect([right.status, right.headers['upload-offset']]).toEqual([204, '50000']);
    const cut = beginPatch(ann, url, { offset: 50_000, length: 50_000, headers: checksum(BYTES.subarray(50_000)) });
    cut.write(BYTES.subarray(50_000, 80_000));
    await until(
      async () => stored(),
      (files) => files.some(({ sizeBytes }) => sizeBytes === 30_000),
    );
    cut.destroy();
    await until(
      async () => stored(),
      (files) => files.every(({ sizeBytes }) => sizeBytes !== 30_000),
    );
    expect((await head(ann, url)).headers['upload-offset']).toBe('50000');
    const unknown = await patch(ann, url, { offset: 50_000, body: half, headers: { 'upload-checksum': 'crc32 AAAA' } });
    expect(unknown.status).toBe(400);
  });

  it('that breaks off keeps what had come', async () => {
    const ann = await app.user();
    const { url, episodeId } = await createUpload(ann, BYTES.length);
    const cut = beginPatch(ann, url, { offset: 0, length: BYTES.length });
    cut.write(BYTES.subarray(0, 40_000));
    await until(
      () => head(ann, url),
      ({ headers }) => headers['upload-offset'] === '40000',
    );
    cut.destroy();
    await until(
      () => ann.ask(EpisodeState, { id: episodeId }),
      ({ episode }) => episode.receivedBytes === 40_000,
    );
    expect((await patch(ann, url, { offset: 40_000, body: BYTES.subarray(40_000) })).status).toBe(204);
    expect(stored().map((file) => file.sha256)).toContain(sha256(BYTES));
  });

  it('that a new request goes on with ends the old one, whose bytes are written once', async () => {
    const ann = await app.user();
    const bytes = makeBytes(200_000, 7);
    const { url } = await createUpload(ann, bytes.length);
    const old = beginPatch(ann, url, { offset: 0, length: bytes.length });
    const ended = new Promise<number>((resolve) => old.on('response', ({ statusCode }) => resolve(statusCode ?? 0)));
    old.write(bytes.subarray(0, 70_000));
    await until(
      () => head(ann, url),
      ({ headers }) => headers['upload-offset'] === '70000',
    );
    const next = await patch(ann, url, { offset: 70_000, body: bytes.subarray(70_000) });
    expect(next.status).toBe(204);
    expect(await ended).toBe(423);
    old.write(bytes.subarray(70_000, 90_000));
    expect(stored().map((file) => file.sha256)).toContain(sha256(bytes));
    old.destroy();
  });

  it('goes on through another process, which ends what hangs in the first', async () => {
    const ann = await app.user();
    const second = await app.start('server', { MAX_FILE_SIZE: '3000000' });
    const bytes = makeBytes(200_000, 9);
    const { url } = await createUpload(ann, bytes.length);
    const elsewhere = url.replace(app.parley.url, second.url);
    const old = beginPatch(ann, url, { offset: 0, length: bytes.length });
    const ended = new Promise<number>((resolve) => old.on('response', ({ statusCode }) => resolve(statusCode ?? 0)));
    old.write(bytes.subarray(0, 70_000));
    await until(
      () => head(ann, elsewhere),
      ({ headers }) => headers['upload-offset'] === '70000',
    );
    expect((await patch(ann, elsewhere, { offset: 70_000, body: bytes.subarray(70_000, 150_000) })).status).toBe(204);
    old.write(bytes.subarray(70_000, 71_000)); // what the network had still held back
    expect(await ended).toBe(423);
    expect((await head(ann, url)).headers['upload-offset']).toBe('150000');
    expect((await patch(ann, url, { offset: 150_000, body: bytes.subarray(150_000) })).status).toBe(204);
    expect(stored().map((file) => file.sha256)).toContain(sha256(bytes));
    old.destroy();
  });

  it('ends with the server, and goes on with the next', async () => {
    const ann = await app.user();
    const first = await app.start('server');
    const { url } = await createUpload(first.as(ann), BYTES.length);
    const cut = beginPatch(ann, url, { offset: 0, length: BYTES.length });
    cut.write(BYTES.subarray(0, 30_000));
    await until(
      () => head(ann, url),
      ({ headers }) => headers['upload-offset'] === '30000',
    );
    expect(await first.stop()).toBe(0);
    const elsewhere = url.replace(first.url, app.parley.url);
    expect((await head(ann, elsewhere)).headers['upload-offset']).toBe('30000');
  });
});

describe('the storage of a user', () => {
  it('is reserved, so that no two uploads take the same room', async () => {
    const ann = await app.user();
    const create = () =>
      ann.send('mutation ($i: CreateEpisodeInput!) { createEpisode(input: $i) { episode { id } } }', {
        i: { filename: 'a.mp3', sizeBytes: 3_000_000 },
      });
    const answers = await Promise.all(Array.from({ length: 8 }, create));
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'created');
    expect(codes.sort()).toEqual([...Array(5).fill('QUOTA_EXCEEDED'), 'created', 'created', 'created'].sort());
    const { storage } = await ann.ask('{ storage { usedBytes uploadingBytes quotaBytes files maxFileBytes } }');
    expect(storage).toEqual({
      usedBytes: 9_000_000,
      uploadingBytes: 9_000_000,
      quotaBytes: 10_000_000,
      files: 0,
      maxFileBytes: 3_000_000,
    });
    const created = answers.find(({ errors }) => !errors)?.data.createEpisode.episode.id;
    await ann.ask('mutation ($e: ID!) { deleteEpisode(input: { episodeId: $e }) { deletedId } }', { e: created });
    expect((await create()).errors).toBeUndefined();
  });

  it.each([
    [{ sizeBytes: 3_000_001 }, 'FILE_TOO_LARGE'],
    [{ sizeBytes: 0 }, 'BAD_USER_INPUT'],
    [{ sizeBytes: -5 }, 'BAD_USER_INPUT'],
    [{ filename: '' }, 'BAD_USER_INPUT'],
    [{ filename: 'x'.repeat(256) }, 'BAD_USER_INPUT'],
    [{ filename: 'a\0b' }, 'BAD_USER_INPUT'],
    [{ title: '' }, 'BAD_USER_INPUT'],
  ])('is not touched by what cannot be uploaded: %j', async (input, code) => {
    const ann = await app.user();
    const { errors } = await ann.send(
      'mutation ($i: CreateEpisodeInput!) { createEpisode(input: $i) { episode { id } } }',
      {
        i: { filename: 'שיחה.mp3', sizeBytes: 10, ...input },
      },
    );
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(
      await sql(
        app.database,
        `SELECT id FROM media_files WHERE owner_id = (SELECT id FROM users WHERE username = '${ann.username}')`,
      ),
    ).toEqual([]);
  });
});
