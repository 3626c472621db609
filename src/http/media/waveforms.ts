import type { IncomingMessage, ServerResponse } from 'node:http';
import fresh from 'fresh';
import type { Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { findServedFile } from '#domain/episodes/media/files/served.ts';
import { drawStoredPart, partFile } from '#domain/episodes/media/waveforms/stored-peaks.ts';
import { createAdmission } from '#http/admission.ts';
import { replyEmpty, replyText } from '#http/reply.ts';
import { assertReading, checkSignature } from './signature.ts';

/** The media file of an episode's peaks, and the range in milliseconds. */
const PATH = /^\/media\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(\d{1,9})-(\d{1,9})\.png$/;

/** The maximum number of images of one user, and of the process, that are being drawn or waiting; each takes some milliseconds. */
const ADMITTED = { ofUser: 64, inAll: 512, what: 'images' } as const;

/**
 * Creates the endpoint for waveforms of parts of episodes: `GET /media/:peaks/:from-:to.png` with the expiry and signature of a URL that
 * the API returned, and no API key. Images are drawn on request. The endpoint returns false for other paths, and throws HttpError (405),
 * Forbidden, NotFound, RATE_LIMITED, Unavailable.
 */
export function createWaveformEndpoint(services: Services) {
  const admit = createAdmission(ADMITTED);
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const [, peaksId, from, to] = PATH.exec(path) ?? [];
    if (!peaksId) return false;
    assertReading(request);
    const part = { startSeconds: Number(from) / 1000, endSeconds: Number(to) / 1000 };
    const file = partFile(peaksId, part);
    const secondsLeft = checkSignature(services, request, file);
    const headers = {
      'content-type': 'image/png',
      etag: `"${file}"`, // a file of peaks is immutable
      'cache-control': `private, max-age=${secondsLeft}`,
      'cross-origin-resource-policy': 'cross-origin',
    } as const;
    if (fresh(request.headers, headers)) {
      replyEmpty(response, 304, headers);
      return true;
    }
    const peaks = await findServedFile(services, peaksId);
    const png = peaks && (await admit(peaks.ownerId, () => drawStoredPart(services, peaks, part)));
    if (!png) throw new NotFound('file');
    if (request.method === 'HEAD') replyEmpty(response, 200, { ...headers, 'content-length': png.length });
    else replyText(response, 200, Buffer.from(png), headers);
    return true;
  };
}
