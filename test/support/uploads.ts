import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import type { Client } from './client.ts';
import { bearer, type HttpAnswer, httpRequest } from './http.ts';

const CreateEpisode = /* GraphQL */ `mutation CreateEpisode($input: CreateEpisodeInput!) {
  createEpisode(input: $input) { episode { id status receivedBytes sizeBytes } upload { url expiresAt maxSizeBytes } }
}`;

export const EpisodeState = /* GraphQL */ `query ($id: ID!) {
  episode(id: $id) { status receivedBytes sizeBytes contentType durationSeconds mediaUrl waveformUrl upload { url }
    error { code message } job { id kind status } }
}`;

export type Upload = { episodeId: string; url: string };

/** Makes an episode whose recording is to be uploaded. */
export async function createUpload(owner: Client, sizeBytes: number, filename = 'talk.mp3'): Promise<Upload> {
  const { createEpisode } = await owner.ask(CreateEpisode, { input: { filename, sizeBytes } });
  return { episodeId: createEpisode.episode.id, url: createEpisode.upload.url };
}

export const TUS = { 'tus-resumable': '1.0.0' };

/** Asks how far an upload is. */
export const head = ({ key }: Pick<Client, 'key'>, url: string): Promise<HttpAnswer> =>
  httpRequest(url, { method: 'HEAD', headers: { ...bearer(key), ...TUS } });

const partHeaders = (key: string, offset: number) => ({
  ...bearer(key),
  ...TUS,
  'content-type': 'application/offset+octet-stream',
  'upload-offset': String(offset),
});

/** Sends a part of a file. */
export const patch = (
  { key }: Pick<Client, 'key'>,
  url: string,
  { offset, body, headers = {} }: { offset: number; body: Uint8Array; headers?: Record<string, string> },
): Promise<HttpAnswer> =>
  httpRequest(url, { method: 'PATCH', headers: { ...partHeaders(key, offset), ...headers }, body });

/** Begins to send a part, of which more may be written; its end is the test's. */
export function beginPatch(
  { key }: Pick<Client, 'key'>,
  url: string,
  { offset, length, headers = {} }: { offset: number; length: number; headers?: Record<string, string> },
): ClientRequest {
  const sent = request(url, {
    method: 'PATCH',
    headers: { ...partHeaders(key, offset), 'content-length': length, ...headers },
    agent: false,
  });
  sent.on('error', () => {}); // the server, or the test, ends some of them
  return sent;
}

/** Bytes that say where they are, so that a wrong one is seen. */
export function makeBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    bytes[index] = state >> 16;
  }
  return bytes;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** All files of a store, by what they hold. */
export function listStored(dataDir: string): { path: string; sizeBytes: number; sha256: string }[] {
  const root = join(dataDir, 'files', 'media');
  let names: string[] = [];
  try {
    names = readdirSync(root, { recursive: true }) as string[];
  } catch {
    return [];
  }
  return names.flatMap((name) => describeStored(join(root, name)));
}

/** Nothing for a directory, and for what was removed since it was listed. */
function describeStored(path: string) {
  try {
    const bytes = readFileSync(path);
    return [{ path, sizeBytes: bytes.length, sha256: sha256(bytes) }];
  } catch (error) {
    if (['ENOENT', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
