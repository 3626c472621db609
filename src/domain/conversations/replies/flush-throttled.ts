import { setTimeout as sleep } from 'node:timers/promises';
import type { TextStream } from '#domain/text/text-stream.ts';

/**
 * Writes a text while it is being produced: the first piece at once, then whatever has arrived, at most once per interval, and the rest
 * without delay once it has ended or failed. Resolves with the text's end when all of it is written.
 */
export async function flushThrottled<End>(
  source: TextStream<End>,
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
  reading.catch(() => {}); // thrown below, once everything before it is written
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

async function readAll<End>(source: TextStream<End>, onPiece: (piece: string) => void): Promise<End> {
  for (;;) {
    const step = await source.next();
    if (step.done) return step.value;
    onPiece(step.value);
  }
}
