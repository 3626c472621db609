import { once } from 'node:events';
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { httpRequest } from '../support/http.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createUpload, EpisodeState, listStored, makeBytes, patch } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const ORIGIN = 'https://player.example';
/** Bytes that are no recording stay where nobody can look into them. */
const WITHOUT_FFMPEG = { FFMPEG_PATH: '/nowhere/ffmpeg', FFPROBE_PATH: '/nowhere/ffprobe' };
const app = useParley({ env: { CORS_ORIGINS: ORIGIN, ...WITHOUT_FFMPEG } });
const CONTENT = Buffer.from('abcdefghij'.repeat(100));
const NAME = 'שיחה "ראשונה"\r\nSet-Cookie: x.mp3';

let url: string;
let episodeId: string;
let owner: Awaited<ReturnType<typeof app.user>>;

async function upload(content: Buffer, name?: string): Promise<{ mediaUrl: string; episodeId: string }> {
  const target = await createUpload(owner, content.length, name);
  await patch(owner, target.url, { offset: 0, body: content });
  const { episode } = await owner.ask(EpisodeState, { id: target.episodeId });
  return { mediaUrl: episode.mediaUrl, episodeId: target.episodeId };
}

const untilProcessed = (id: string) =>
  until(
    () => owner.ask(EpisodeState, { id }),
    ({ episode }) => !['QUEUED', 'RUNNING'].includes(episode.job?.status),
  );

beforeAll(async () => {
  owner = await app.user();
  ({ mediaUrl: url, episodeId } = await upload(CONTENT, NAME));
});

const get = (headers: Record<string, string> = {}, method = 'GET') => httpRequest(url, { method, headers });

describe('a recording', () => {
  it('is served whole at its signed address, without a key', async () => {
    const { status, headers, text } = await get();
    expect([status, text]).toEqual([200, String(CONTENT)]);
    expect(headers).toMatchObject({
      'content-length': '1000',
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'content-disposition': `attachment; filename="???? \\"??????\\"  Set-Cookie: x.mp3"; filename*=UTF-8''${encodeURIComponent('שיחה "ראשונה"  Set-Cookie: x.mp3')}`,
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['cache-control']).toMatch(/^private, max-age=\d{5}$/);
  });

  it.each([
    ['bytes=0-1', 206, 'ab', 'bytes 0-1/1000'],
    ['bytes=0-0', 206, 'a', 'bytes 0-0/1000'],
    ['bytes=-3', 206, 'hij', 'bytes 997-999/1000'],
    ['bytes=995-', 206, 'fghij', 'bytes 995-999/1000'],
    ['bytes=998-99999', 206, 'ij', 'bytes 998-999/1000'],
    ['bytes=-5000', 206, String(CONTENT), 'bytes 0-999/1000'],
    ['bytes=1000-', 416, '', 'bytes */1000'],
    ['bytes=5000-6000', 416, '', 'bytes */1000'],
    ['bytes=-0', 416, '', 'bytes */1000'],
    ['bytes=2000-, 0-1', 206, 'ab', 'bytes 0-1/1000'],
    ['bytes=2000-,3000-', 416, '', 'bytes */1000'],
    ['bytes=2000-,x,0-1', 200, String(CONTENT), undefined],
    ['bytes=2000-, 0-1', 206, 'ab', 'bytes 0-1/1000'],
    ['bytes=2000-,3000-', 416, '', 'bytes */1000'],
    ['bytes=2000-,x,0-1', 200, String(CONTENT), undefined],
    ['bytes=0-1,5-6', 200, String(CONTENT), undefined],
    ['bytes=x', 200, String(CONTENT), undefined],
    ['bytes=9-2', 200, String(CONTENT), undefined],
    ['lines=0-1', 200, String(CONTENT), undefined],
  ])('answers %s with %i, and HEAD as if no range were asked for', async (range, status, body, contentRange) => {
    const answer = await get({ range });
    expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([status, body, contentRange]);
    expect(answer.headers['content-length']).toBe(String(body.length));
    const head = await get({ range }, 'HEAD');
    const comparable = ({ headers: { date: _date, 'x-request-id': _id, ...headers } }: typeof head) => ({
      ...headers,
      'cache-control': String(headers['cache-control']).replace(/\d+/, 'the seconds that are left'),
    });
    expect([head.status, head.text, comparable(head)]).toEqual([200, '', comparable(await get())]);
  });

  it('is saved under all of its name, though that has what parts folders', async () => {
    const { mediaUrl } = await upload(CONTENT, '24/7 or 9\\5.mp3');
    const { headers } = await httpRequest(mediaUrl, { method: 'HEAD' });
    expect(headers['content-disposition']).toBe('attachment; filename="24-7 or 9-5.mp3"');
  });

  it('is not sent again to whoever has it, and a part only of what they have', async () => {
    const { headers } = await get();
    const [etag, date] = [String(headers.etag), String(headers['last-modified'])];
    const statusOf = async (conditions: Record<string, string>) => (await get(conditions)).status;
    expect(await statusOf({ 'if-none-match': etag })).toBe(304);
    expect(await statusOf({ 'if-none-match': `"other", W/${etag}` })).toBe(304);
    expect(await statusOf({ 'if-none-match': '"other"' })).toBe(200);
    expect(await statusOf({ 'if-modified-since': date })).toBe(304);
    expect(await statusOf({ 'if-modified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' })).toBe(200);
    expect(await statusOf({ 'if-match': etag })).toBe(200);
    expect(await statusOf({ 'if-match': '"other"' })).toBe(412);
    const range = 'bytes=0-1';
    expect(await statusOf({ range, 'if-range': etag })).toBe(206);
    expect(await statusOf({ range, 'if-range': date })).toBe(206);
    expect(await statusOf({ range, 'if-range': '"other"' })).toBe(200);
    expect(await statusOf({ range, 'if-range': `W/${etag}` })).toBe(200);
    expect(await statusOf({ range, 'if-range': 'Thu, 01 Jan 2015 00:00:00 GMT' })).toBe(200);
  });

  it('is opened by no signature but its own, and by that until it expires', async () => {
    const { mediaUrl: other } = await upload(CONTENT);
    const [mine, theirs] = [new URL(url), new URL(other)];
    const statusOf = async (change: (copy: URL) => void) => {
      const copy = new URL(url);
      change(copy);
      return (await httpRequest(copy.href)).status;
    };
    expect(await statusOf((copy) => (copy.pathname = theirs.pathname))).toBe(403);
    expect(
      await statusOf(({ searchParams }) => searchParams.set('signature', theirs.searchParams.get('signature') ?? '')),
    ).toBe(403);
    expect(
      await statusOf(({ searchParams }) =>
        searchParams.set('expires', String(Number(mine.searchParams.get('expires')) + 1)),
      ),
    ).toBe(403);
    for (const name of ['expires', 'signature'])
      expect(await statusOf(({ searchParams }) => searchParams.delete(name))).toBe(403);
    expect(await statusOf(({ searchParams }) => searchParams.set('expires', '1e99'))).toBe(403);
    expect(await statusOf((copy) => (copy.pathname += '/x'))).toBe(404);
    expect((await get({}, 'POST')).status).toBe(405);
  });

  it('plays in the pages that are listed', async () => {
    const { headers } = await get({ origin: ORIGIN, range: 'bytes=0-1' });
    expect(headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(headers['access-control-expose-headers']).toContain('content-range');
    expect((await get({ origin: 'https://evil.example' })).status).toBe(403);
  });

  it('has no address that still opens it once its episode is archived, and has one again when that is brought back', async () => {
    const { episodeId: id, mediaUrl } = await upload(CONTENT);
    const archive = (archived: boolean) =>
      owner.ask('mutation ($i: UpdateEpisodeInput!) { updateEpisode(input: $i) { episode { mediaUrl } } }', {
        i: { episodeId: id, archived },
      });
    await untilProcessed(id);
    expect((await archive(true)).updateEpisode.episode).toEqual({ mediaUrl: null });
    expect((await httpRequest(mediaUrl)).status).toBe(404);
    expect((await archive(false)).updateEpisode.episode.mediaUrl).toBe(mediaUrl);
    expect((await httpRequest(mediaUrl)).text).toBe(String(CONTENT));
  });

  it('is not found where its file is gone, and no address is shown to others', async () => {
    const { episodeId: id, mediaUrl } = await upload(makeBytes(10));
    const [{ key }] = (await sql<{ key: string }>(
      app.database,
      `SELECT storage_key AS key FROM media_files WHERE size_bytes = 10`,
    )) as [{ key: string }];
    rmSync(listStored(app.database.env.DATA_DIR as string).find(({ path }) => path.endsWith(key))?.path as string);
    expect((await httpRequest(mediaUrl)).status).toBe(404);
    const bob = await app.user();
    expect(await bob.ask('query ($id: ID!) { episode(id: $id) { mediaUrl } }', { id })).toEqual({ episode: null });
    expect(await bob.ask('query ($id: ID!) { episode(id: $id) { mediaUrl } }', { id: episodeId })).toEqual({
      episode: null,
    });
  });

  it('is downloaded by 128 at once, and the next is told to wait for downloads', async () => {
    const { mediaUrl } = await upload(makeBytes(20_000_000));
    const open = async () => {
      const sent = request(mediaUrl, { agent: false });
      sent.on('error', () => {});
      sent.end();
      const [response] = await once(sent, 'response');
      return { sent, response };
    };
    const clients = await Promise.all(Array.from({ length: 128 }, open));
    expect(new Set(clients.map(({ response }) => response.statusCode))).toEqual(new Set([200]));
    const { status, json } = await httpRequest(mediaUrl);
    expect([status, json.errors[0].message]).toEqual([429, '128 downloads of yours are at work; try again in 10 s.']);
    for (const { sent } of clients) sent.destroy();
    await until(
      () => httpRequest(mediaUrl, { method: 'GET', headers: { range: 'bytes=0-0' } }),
      (answer) => answer.status === 206,
    );
  });

  it('is closed when its client leaves, who takes it no faster than it is sent', async () => {
    const { mediaUrl, episodeId: id } = await upload(makeBytes(20_000_000));
    await untilProcessed(id);
    const pid = app.parley.process.pid;
    const openFiles = () =>
      readdirSync(`/proc/${pid}/fd`).filter((fd) => {
        try {
          return readlinkSync(`/proc/${pid}/fd/${fd}`).includes('/files/media/');
        } catch {
          return false;
        }
      }).length;
    const before = openFiles();
    const clients = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const sent = request(mediaUrl, { agent: false });
        sent.on('error', () => {});
        sent.end();
        const [response] = await once(sent, 'response');
        response.pause();
        return sent;
      }),
    );
    expect(openFiles()).toBe(before + 20);
    for (const client of clients) client.destroy();
    await until(
      async () => openFiles(),
      (open) => open === before,
    );
  });
});
