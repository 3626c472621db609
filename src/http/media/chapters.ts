import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import fresh from 'fresh';
import type { Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { chaptersFile, findServedChapters } from '#domain/episodes/chapters/served-chapters.ts';
import { replyEmpty, replyText } from '#http/reply.ts';
import { assertReading, checkSignature } from './signature.ts';

const PATH = /^\/media\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/chapters\.json$/;

/**
 * Creates the endpoint for chapters: `GET /media/:episode/chapters.json` with the expiry and signature of a URL that the API returned, and
 * no API key. Responses must be revalidated, because chapters change with the transcript. The endpoint returns false for other paths, and
 * throws HttpError (405), Forbidden, NotFound.
 */
export function createChaptersEndpoint(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const [, episodeId] = PATH.exec(path) ?? [];
    if (!episodeId) return false;
    assertReading(request);
    checkSignature(services, request, chaptersFile(episodeId));
    const chapters = await findServedChapters(services, episodeId);
    if (!chapters) throw new NotFound('list of chapters');
    const text = JSON.stringify(chapters);
    const headers = {
      'content-type': 'application/json+chapters',
      etag: `"${createHash('sha256').update(text).digest('base64url')}"`,
      'cache-control': 'private, no-cache',
      'cross-origin-resource-policy': 'cross-origin',
    } as const;
    if (fresh(request.headers, headers)) replyEmpty(response, 304, headers);
    else if (request.method === 'HEAD')
      replyEmpty(response, 200, { ...headers, 'content-length': Buffer.byteLength(text) });
    else replyText(response, 200, text, headers);
    return true;
  };
}
