import type { IncomingMessage } from 'node:http';
import type { Services } from '#domain/core/deps.ts';
import { Forbidden } from '#domain/core/errors.ts';
import { HttpError } from '#http/errors.ts';
import { searchOf } from '#http/request.ts';

/** Throws HttpError (405) for other methods than GET and HEAD. */
export function assertReading({ method }: IncomingMessage): void {
  if (method !== 'GET' && method !== 'HEAD')
    throw new HttpError(405, 'BAD_USER_INPUT', 'Send GET.', { headers: { allow: 'GET, HEAD, OPTIONS' } });
}

/** Returns for how many more seconds the URL of a file is valid. Throws Forbidden. */
export function checkSignature({ mediaUrls, now }: Services, request: IncomingMessage, file: string): number {
  const query = searchOf(request);
  const given = { expires: query.get('expires') ?? '', signature: query.get('signature') ?? '' };
  const secondsLeft = mediaUrls.secondsLeft(file, given, now());
  if (secondsLeft > 0) return secondsLeft;
  throw new Forbidden('This address is not good, or not any more; ask the API for a new one.');
}
