import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeVtt } from '../support/fixtures.ts';
import { bearer, httpRequest } from '../support/http.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley({ env: { RATE_LIMIT_POINTS: '200' } });

const JOBS = '{ jobs { edges { node { id } } } }';
const CREATE = 'mutation { createEpisode(input: { filename: "a.mp3", sizeBytes: 100 }) { upload { url } } }';

/** Each endpoint, and what it takes. */
const UPLOADS = [
  ['/episodes?title=a', 'text/vtt', makeVtt(3)],
  ['/leads', 'text/csv', 'name,phone\nAnn,+972521234567\n'],
  ['/leads/imports', 'text/csv', 'name,phone\nAnn,+972521234567\n'],
  ['/conversations', 'application/json', '[]'],
] as const;

/** Announces a body that never comes; resolves with the status of the answer. */
function announce({ key }: Client, path: string, type: string, bytes: number): Promise<number | undefined> {
  const headers = { ...bearer(key), 'content-type': type, 'content-length': bytes };
  const upload = request(`${app.parley.url}${path}`, { method: 'POST', headers, agent: false });
  upload.on('error', () => {});
  upload.flushHeaders();
  return new Promise((resolve) =>
    upload.on('response', (answer) => {
      resolve(answer.statusCode);
      upload.destroy();
    }),
  );
}

it.each(UPLOADS)(
  'a file that is too large for %s is so, whatever is left to spend, and costs a point',
  async (path, type) => {
    const ann = await app.user();
    for (const bytes of [60_000_000, 2 ** 40, Number.MAX_SAFE_INTEGER])
      expect(await announce(ann, path, type, bytes)).toBe(413);
    expect((await ann.send(JOBS)).data).toEqual({ jobs: { edges: [] } });
  },
);

it.each(UPLOADS)('a file that is compressed is not taken by %s', async (path, type, body) => {
  const ann = await app.user();
  const send = (encoding: string, sent: string | Buffer) =>
    httpRequest(`${app.parley.url}${path}`, {
      method: 'POST',
      headers: { ...bearer(ann.key), 'content-type': type, 'content-encoding': encoding },
      body: sent,
    });
  const { status, json } = await send('gzip', gzipSync(body));
  expect([status, json.errors[0].extensions.code]).toEqual([415, 'UNSUPPORTED_MEDIA']);
  expect((await ann.send(JOBS)).data).toEqual({ jobs: { edges: [] } });
  expect((await send('identity', body)).status).toBeLessThan(300);
});

it.each(UPLOADS)('a form is not taken for a file by %s', async (path, type, body) => {
  const ann = await app.user();
  const form = new FormData();
  form.append('file', new Blob([body], { type }), 'file');
  const url = `${app.parley.url}${path}${path.includes('?') ? '&format=VTT' : ''}`;
  const answer = await fetch(url, { method: 'POST', headers: bearer(ann.key), body: form });
  const { errors } = (await answer.json()) as { errors: { message: string; extensions: { code: string } }[] };
  expect([answer.status, errors[0]?.extensions.code]).toEqual([415, 'UNSUPPORTED_MEDIA']);
  expect(errors[0]?.message).toMatch(/^Send the file itself as the body, not in a form/);
  expect((await ann.send('{ jobs { totalCount } episodes { totalCount } }')).data).toEqual({
    jobs: { totalCount: 0 },
    episodes: { totalCount: 0 },
  });
});

it('a recording is refused by the endpoint of transcripts before it is read, with where it goes', async () => {
  const ann = await app.user();
  const send = (method: string, path: string, type: string) =>
    httpRequest(`${app.parley.url}${path}`, {
      method,
      headers: { ...bearer(ann.key), 'content-type': type },
      body: 'x',
    });
  for (const answer of [
    await send('POST', '/episodes?title=a', 'audio/mpeg'),
    await send('PUT', '/episodes/RXBpc29kZTox/transcript', 'video/mp4; codecs="avc1"'),
  ]) {
    expect([answer.status, answer.json.errors[0].extensions.code]).toEqual([415, 'UNSUPPORTED_MEDIA']);
    expect(answer.json.errors[0].message).toContain('`createEpisode`');
  }
  expect(await announce(ann, '/episodes?title=a', 'audio/mpeg', 60_000_000)).toBe(415);
});

it('a part of a recording that is compressed is not kept', async () => {
  const ann = await app.user();
  const { createEpisode } = await ann.ask(CREATE);
  const { pathname } = new URL(createEpisode.upload.url);
  const send = (method: string, headers = {}, body?: Buffer) =>
    fetch(`${app.parley.url}${pathname}`, {
      method,
      headers: { ...bearer(ann.key), 'tus-resumable': '1.0.0', ...headers },
      ...(body && { body: new Uint8Array(body) }),
    });
  const part = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0', 'content-encoding': 'gzip' };
  expect((await send('PATCH', part, gzipSync('abc'))).status).toBe(415);
  expect((await send('HEAD')).headers.get('upload-offset')).toBe('0');
});
