import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create as createContentDisposition } from 'content-disposition';
import type { Actor } from '#domain/core/actor.ts';
import { Forbidden, Unauthenticated } from '#domain/core/errors.ts';
import { addressOf } from '#http/client-address.ts';
import { beginReply } from '#http/reply.ts';
import { type Gatekeeper, pointsOf, readCredentials, requestIdOf } from '#http/request.ts';
import { isAnonymous } from '#resolvers/context.ts';

/** The estimated size that a file is charged for, as its length is not known beforehand and a started download is not interrupted. */
const CHARGED_BYTES = 1_000_000;

/** A client that reads nothing for this long is disconnected. */
const MAX_STALL_MS = 120_000;

/** Returns the actor of a download, which is charged for `bytes`. Throws Unauthenticated, Forbidden without the scope READ, RATE_LIMITED. */
export async function authorizeDownload(
  gatekeeper: Gatekeeper,
  request: IncomingMessage,
  bytes = CHARGED_BYTES,
): Promise<Actor> {
  const requestId = requestIdOf(request.headers);
  const actor = await gatekeeper.admit(readCredentials(request.headers), { requestId, ip: addressOf(request) });
  if (isAnonymous(actor)) throw new Unauthenticated();
  if (!actor.scopes.includes('READ')) throw new Forbidden('This takes an API key with the scope READ.');
  await gatekeeper.charge({ requestId, actor }, pointsOf(bytes));
  return actor;
}

/** What a file is called, whatever characters that has, and its media type. */
type DownloadedFile = { name: string; type: string };

/**
 * Sends a file in UTF-8 with backpressure. If the client disconnects, reading ends; an error of the first part is thrown, a later one
 * closes the connection, as the response has begun.
 */
export async function sendDownload(
  response: ServerResponse,
  { name, type }: DownloadedFile,
  parts: AsyncGenerator<string>,
): Promise<void> {
  const first = await parts.next();
  const started = beginReply(response, 200, {
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': createContentDisposition(toFileName(name)),
  });
  if (!started) return;
  const body = async function* () {
    yield first.value ?? '';
    yield* parts;
  };
  const stalled = () => response.destroy();
  response.setTimeout(MAX_STALL_MS, stalled);
  await pipeline(Readable.from(body()), response).catch(stalled);
  response.setTimeout(0, stalled);
}

/** A name without what would part it into folders. */
const toFileName = (name: string): string => name.toWellFormed().replace(/[\p{Cc}/\\]/gu, '-');
