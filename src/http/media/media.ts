import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { create as createContentDisposition } from 'content-disposition';
import fresh from 'fresh';
import { type ByteRange, FileMissing } from '#adapters/files/file-store.ts';
import type { Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { findServedFile, type ServedFile } from '#domain/episodes/media/files/served.ts';
import { createAdmission } from '#http/admission.ts';
import { endWithOwner } from '#http/end-with-key.ts';
import { HttpError } from '#http/errors.ts';
import type { KeyWatch } from '#http/key-watch.ts';
import { beginReply, type Headers, replyEmpty } from '#http/reply.ts';
import { readRange } from './byte-range.ts';
import { assertReading, checkSignature } from './signature.ts';

const PATH = /^\/media\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A client that reads nothing for this long is disconnected. Paused players then request the remaining range. */
const MAX_STALL_MS = 120_000;

/** The maximum number of concurrent responses with files of one user, and of the process; each holds an open file. */
const ADMITTED = { ofUser: 128, inAll: 1_024, what: 'downloads' } as const;

/**
 * Creates the endpoint for media files: `GET /media/:id` with the expiry and signature of a URL that the API returned, and no API key. It
 * supports ranges (RFC 9110, section 14) and conditional requests (section 13), with backpressure, or redirects to the file store if
 * clients can read from that. A response ends when the owner of the file is suspended or erased. Files that were not checked yet are served
 * only as attachments.
 *
 * The endpoint returns false for other paths, and throws HttpError (405, 412), Forbidden, NotFound, RATE_LIMITED, Unavailable.
 */
export function createMediaEndpoint(services: Services, keyWatch: KeyWatch) {
  const admit = createAdmission(ADMITTED);
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const [, id] = PATH.exec(path) ?? [];
    if (!id) return false;
    assertReading(request);
    const secondsLeft = checkSignature(services, request, id);
    const file = await findServedFile(services, id);
    if (!file) throw new NotFound('file');
    endWithOwner(keyWatch, file.ownerId, response);
    await admit(file.ownerId, () => serveFile(services, { request, response }, file, secondsLeft));
    return true;
  };
}

type Exchange = { request: IncomingMessage; response: ServerResponse };

/**
 * Responds with a file, a range of it, or a redirect to the store; `secondsLeft` is for how long that may be cached. Throws HttpError
 * (412), NotFound.
 */
export async function serveFile(
  services: Services,
  { request, response }: Exchange,
  file: ServedFile,
  secondsLeft: number,
): Promise<void> {
  const headers = describe(file, secondsLeft);
  assertMatches(request, headers.etag);
  if (fresh(request.headers, headers)) return replyEmpty(response, 304, headers);
  const { sizeBytes } = file;
  const range = readRange(request, sizeBytes, {
    etag: headers.etag,
    lastModified: headers['last-modified'],
  });
  if (range === 'unsatisfiable')
    return replyEmpty(response, 416, { ...headers, 'content-range': `bytes */${sizeBytes}`, 'content-length': 0 });
  const part = range === 'whole' ? { start: 0, end: sizeBytes - 1 } : range;
  const length: Headers = { ...headers, 'content-length': part.end - part.start + 1 };
  const partial: Headers = { 'content-range': `bytes ${part.start}-${part.end}/${sizeBytes}` };
  const [status, all] = range === 'whole' ? [200, length] : [206, { ...length, ...partial }];
  if (request.method === 'HEAD') return replyEmpty(response, status, all);
  const address = await findAddress(services, file, headers, secondsLeft);
  if (address) return replyEmpty(response, 302, address);
  await streamFile(services, response, file, part, () => beginReply(response, status, all));
}

/** The maximum validity of a URL of the file store. Longer playback requests a new one here. */
const MAX_ADDRESS_SECONDS = 3_600;

/** Returns the URL at which a client can read the file from the store with these headers; null if it cannot. */
async function findAddress(
  { files }: Services,
  { storageKey }: ServedFile,
  headers: ReturnType<typeof describe>,
  secondsLeft: number,
): Promise<Headers | null> {
  const seconds = Math.min(MAX_ADDRESS_SECONDS, secondsLeft);
  const location = await files.address(storageKey, {
    seconds,
    contentType: headers['content-type'],
    contentDisposition: headers['content-disposition'],
  });
  if (location === null) return null;
  // A cached redirect still leaves half of the validity for requesting the file.
  return {
    location,
    'cache-control': `private, max-age=${Math.floor(seconds / 2)}`,
    'cross-origin-resource-policy': 'cross-origin',
  };
}

/** Whether a client may show the file inline, or only as an attachment: media are harmless, unchecked files may be anything. */
const dispositionOf = ({ contentType }: ServedFile) =>
  contentType === null || contentType === 'application/zip' ? 'attachment' : 'inline';

function describe(file: ServedFile, secondsLeft: number) {
  const { id, name, contentType, createdAt } = file;
  return {
    'content-type': contentType ?? 'application/octet-stream',
    'content-disposition': createContentDisposition(toFileName(name), { type: dispositionOf(file) }),
    'accept-ranges': 'bytes',
    etag: `"${id}"`, // the file of an id is immutable
    'last-modified': createdAt.toUTCString(),
    'cache-control': `private, max-age=${secondsLeft}`,
    'cross-origin-resource-policy': 'cross-origin',
  } as const;
}

/** A name of which clients keep all, as they cut off what looks like folders. */
const toFileName = (name: string): string =>
  name
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[/\\]/g, '-');

function assertMatches({ headers }: IncomingMessage, etag: string): void {
  const wanted = headers['if-match'];
  if (wanted === undefined || wanted === '*' || wanted.split(/\s*,\s*/).includes(etag)) return;
  throw new HttpError(412, 'CONFLICT', 'This is another file by now.', { headers: { etag } });
}

/** Sends a part of a file. The file is closed when either side ends. */
async function streamFile(
  { files, log }: Services,
  response: ServerResponse,
  { storageKey }: ServedFile,
  part: ByteRange,
  begin: () => boolean,
): Promise<void> {
  const stream = await files.read(storageKey, part).catch((error: unknown) => {
    if (!(error instanceof FileMissing)) throw error;
    log.error({ err: error }, 'a file that has a row is not in the store');
    throw new NotFound('file');
  });
  const stalled = () => response.destroy();
  try {
    if (!begin()) return;
    response.setTimeout(MAX_STALL_MS, stalled);
    await pipeline(stream, response);
  } catch (error) {
    if (!response.destroyed) throw error;
  } finally {
    stream.destroy();
    response.setTimeout(0, stalled);
  }
}
