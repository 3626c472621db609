import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;
/** How often a long wait prints what it sees: a test that times out says nothing else. */
const REPORT_MS = 25_000;

/** Resolves with what `look` returns, as soon as it passes. The test's own time limit ends the wait. */
export async function until<T>(look: () => Promise<T>, passes: (value: T) => boolean): Promise<T> {
  let reportAt = performance.now() + REPORT_MS;
  for (;;) {
    const value = await look();
    if (passes(value)) return value;
    if (performance.now() > reportAt) {
      console.warn('still waiting, with', JSON.stringify(value)?.slice(0, 500));
      reportAt += REPORT_MS;
    }
    await sleep(POLL_MS);
  }
}
