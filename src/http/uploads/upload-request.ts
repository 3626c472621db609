import type { IncomingMessage } from 'node:http';
import { DomainError, Forbidden, Unauthenticated } from '#domain/core/errors.ts';
import { addressOf } from '#http/client-address.ts';
import { HttpError } from '#http/errors.ts';
import { type Gatekeeper, pointsOf, type RequestContext, readCredentials, requestIdOf } from '#http/request.ts';
import { isAnonymous } from '#resolvers/context.ts';

/** Throws HttpError (405), whose message ends with what else the path is good for, if anything. */
export function assertMethod(request: IncomingMessage, method: 'GET' | 'POST' | 'PUT', more?: string): void {
  if (request.method === method) return;
  const message = more ? `Send ${method}; ${more}` : `Send ${method}.`;
  throw new HttpError(405, 'BAD_USER_INPUT', message, { headers: { allow: method } });
}

/** Throws Unauthenticated, Forbidden without the scope WRITE, or UNSUPPORTED_MEDIA for a body that is not the file itself. */
export async function authorizeUpload(gatekeeper: Gatekeeper, request: IncomingMessage): Promise<RequestContext> {
  const requestId = requestIdOf(request.headers);
  const actor = await gatekeeper.admit(readCredentials(request.headers), { requestId, ip: addressOf(request) });
  if (isAnonymous(actor)) throw new Unauthenticated();
  if (!actor.scopes.includes('WRITE')) throw new Forbidden('This takes an API key with the scope WRITE.');
  assertPlainFile(request);
  return { requestId, actor };
}

/** A form or a compressed body would otherwise be parsed or stored as if it were the file. */
function assertPlainFile(request: IncomingMessage): void {
  if (contentTypeOf(request).startsWith('multipart/'))
    throw new DomainError(
      'UNSUPPORTED_MEDIA',
      'Send the file itself as the body, not in a form: with curl by `--data-binary @file`, from a page by `fetch(url, { body: file })`.',
    );
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new DomainError('UNSUPPORTED_MEDIA', 'Send the file as it is, without `content-encoding`.');
}

/** The maximum size of a file in bytes, and the error for larger ones. */
type Limit = { maxBytes: number; tooLarge: () => Error };

/**
 * Charges a request for the announced bytes before they arrive. Throws RATE_LIMITED, and `tooLarge()` if they exceed the maximum: waiting
 * would not help, and what is not read is not charged.
 */
export async function chargeAnnounced(
  gatekeeper: Gatekeeper,
  context: RequestContext,
  request: IncomingMessage,
  { maxBytes, tooLarge }: Limit,
): Promise<void> {
  const announced = announcedBytesOf(request);
  await gatekeeper.charge(context, pointsOf(announced > maxBytes ? 0 : announced));
  if (announced > maxBytes) throw tooLarge();
}

/** Returns the media type of the body without parameters; empty if there is none. */
export function contentTypeOf({ headers }: IncomingMessage): string {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Returns the charset named by the content type. Throws DomainError (UNSUPPORTED_MEDIA) if it is unknown. */
export function charsetOf({ headers }: IncomingMessage): string | undefined {
  const charset = /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(headers['content-type'] ?? '')?.[1];
  try {
    return charset && new TextDecoder(charset).encoding;
  } catch {
    throw new DomainError('UNSUPPORTED_MEDIA', 'This charset is not known; send the file in UTF-8.');
  }
}

/** Returns the announced length of the body in bytes; 0 if it is not announced. */
export function announcedBytesOf({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

export function readIdempotencyKey(request: IncomingMessage): string | null {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? key : null;
}
