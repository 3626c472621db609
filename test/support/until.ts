import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** Resolves with what `look` returns, as soon as it passes. The test's own time limit ends the wait. */
export async function until<T>(look: () => Promise<T>, passes: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (passes(value)) return value;
    await sleep(POLL_MS);
  }
}
