import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import { DomainError } from '#domain/core/errors.ts';

/** Text that is still being made, in pieces, and what is known when it has ended. */
export type Pieces<End> = AsyncGenerator<string, End>;

/**
 * The pieces as PostgreSQL can hold them: without NUL, and no surrogate pair cut in two, wherever a model cuts its text.
 * Throws LIMIT_EXCEEDED for a text that does not end.
 */
export async function* sanitizeText<End>(source: Pieces<End>): Pieces<End> {
  let half = '';
  let length = 0;
  try {
    for (;;) {
      const step = await source.next();
      const text = step.done ? half : half + step.value.replaceAll('\0', '');
      half = step.done ? '' : (/[\uD800-\uDBFF]$/.exec(text)?.[0] ?? '');
      const whole = text.slice(0, text.length - half.length).toWellFormed();
      length += whole.length;
      if (length > MAX_CONTENT) throw new ReplyTooLong();
      if (whole) yield whole;
      if (step.done) return step.value;
    }
  } finally {
    await source.return(undefined as never);
  }
}

class ReplyTooLong extends DomainError {
  constructor() {
    super('LIMIT_EXCEEDED', `The reply did not end within ${MAX_CONTENT} characters; ask for less at once.`, {
      limit: MAX_CONTENT,
    });
  }
}

/**
 * Writes the text while it is being made: the first piece at once, then what came meanwhile, at most once in the
 * interval, and the rest without delay when it has ended or failed. Resolves with its end when all is written.
 */
export async function flushThrottled<End>(
  source: Pieces<End>,
  intervalMs: number,
  write: (text: string) => Promise<void>,
): Promise<End> {
  let unwritten = '';
  let wake = () => {};
  const over = new AbortController();
  const reading = readAll(source, (piece) => {
    unwritten += piece;
    wake();
  }).finally(() => {
    over.abort();
    wake();
  });
  reading.catch(() => {}); // thrown below, when what came before is written
  while (unwritten || !over.signal.aborted) {
    if (!unwritten) await new Promise<void>((resolve) => (wake = resolve));
    if (!unwritten) continue;
    const text = unwritten;
    unwritten = '';
    const startedAt = performance.now();
    await write(text);
    const pauseMs = startedAt + intervalMs - performance.now();
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: over.signal }).catch(() => {});
  }
  return reading;
}

async function readAll<End>(source: Pieces<End>, take: (piece: string) => void): Promise<End> {
  for (;;) {
    const step = await source.next();
    if (step.done) return step.value;
    take(step.value);
  }
}
