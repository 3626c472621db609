import type { IncomingMessage } from 'node:http';
import { DomainError } from '#domain/core/errors.ts';
import { HttpError } from './errors.ts';

/** The default timeout of a body. */
const BODY_TIMEOUT_MS = 10_000;

type Limits = { maxBytes: number; tooLarge: () => Error; timeoutMs?: number };
/** Called with the number of bytes of each chunk. Reading ends if it throws. */
type Count = { count?: (bytes: number) => void };

/**
 * Reads the whole body. Throws `tooLarge()` as soon as it is larger than `maxBytes`, BAD_USER_INPUT if it ends early or takes longer than
 * `timeoutMs`, and the errors of `count`.
 */
export function readBody(
  request: IncomingMessage,
  { maxBytes, tooLarge, timeoutMs = BODY_TIMEOUT_MS, count }: Limits & Count,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge());
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (message: string) => reject(new DomainError('BAD_USER_INPUT', message));
    const timer = setTimeout(() => fail(`The body took longer than ${timeoutMs / 1000} s to arrive.`), timeoutMs);
    const refuse = (error: unknown) => {
      size = Number.POSITIVE_INFINITY; // later chunks are not stored
      chunks.length = 0;
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) return refuse(tooLarge());
      try {
        count?.(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        refuse(error);
      }
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('close', () => {
      clearTimeout(timer);
      if (!request.complete) fail('The request ended before its body was whole.');
    });
  });
}

/**
 * Yields the body as it arrives, with backpressure. Throws `tooLarge()` as soon as it is larger than `maxBytes`, BAD_USER_INPUT if it ends
 * early or takes longer than `timeoutMs`; the request can still be responded to.
 */
export async function* streamBody(
  request: IncomingMessage,
  { maxBytes, tooLarge, timeoutMs = BODY_TIMEOUT_MS }: Limits,
): AsyncGenerator<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const { promise: late, reject } = Promise.withResolvers<never>();
  late.catch(() => {}); // it may be rejected while the next chunk is not awaited
  const message = `The body took longer than ${timeoutMs / 1000} s to arrive.`;
  const timer = setTimeout(() => reject(new DomainError('BAD_USER_INPUT', message)), timeoutMs);
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    let size = 0;
    for (;;) {
      const next = await Promise.race([readNext(chunks), late]);
      if (next.done) return;
      size += next.value.length;
      if (size > maxBytes) throw tooLarge();
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Yields the body as it arrives, with backpressure and without a limit of its length. Throws HttpError (408) if nothing arrives for
 * `maxSilenceMs`, BAD_USER_INPUT if it ends early.
 */
export async function* streamUntilSilent(request: IncomingMessage, maxSilenceMs: number): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false });
  for (;;) {
    const { promise: silent, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(createSilent(maxSilenceMs)), maxSilenceMs);
    const next = await Promise.race([readNext(chunks), silent]).finally(() => clearTimeout(timer));
    if (next.done) return;
    yield next.value;
  }
}

const createSilent = (maxSilenceMs: number) =>
  new HttpError(408, 'BAD_USER_INPUT', `Nothing came for ${maxSilenceMs / 1000} s; what had come before is kept.`, {
    headers: { connection: 'close' },
  });

async function readNext(chunks: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
  try {
    return await chunks.next();
  } catch {
    throw new DomainError('BAD_USER_INPUT', 'The request ended before its body was whole.');
  }
}
