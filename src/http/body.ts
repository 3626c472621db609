import type { IncomingMessage } from 'node:http';
import { DomainError } from '#domain/core/errors.ts';

/** How long a body may take to arrive, where nothing else is said. */
const BODY_TIMEOUT_MS = 10_000;

type Limits = { maxBytes: number; tooLarge: () => Error; timeoutMs?: number };

/**
 * Reads the whole body. Throws `tooLarge()` as soon as it is larger than `maxBytes`, BAD_USER_INPUT where it ends early
 * or takes longer than `timeoutMs`.
 */
export function readBody(
  request: IncomingMessage,
  { maxBytes, tooLarge, timeoutMs = BODY_TIMEOUT_MS }: Limits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge());
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (message: string) => reject(new DomainError('BAD_USER_INPUT', message));
    const timer = setTimeout(() => fail(`The body took longer than ${timeoutMs / 1000} s to arrive.`), timeoutMs);
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      chunks.length = 0;
      reject(tooLarge());
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('close', () => {
      clearTimeout(timer);
      if (!request.complete) fail('The request ended before its body was whole.');
    });
  });
}
