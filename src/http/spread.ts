import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 50;

/**
 * Visits all items within a time, evenly distributed, or immediately if it is 0. Clients that are disconnected together reconnect together.
 * Resolves at the end of the time.
 */
export async function spreadOver<T>(items: Iterable<T>, timeMs: number, visit: (item: T) => void): Promise<void> {
  const all = [...items];
  const steps = Math.ceil(timeMs / STEP_MS);
  for (let step = 0; step < steps; step += 1) {
    for (const item of all.splice(0, Math.ceil(all.length / (steps - step)))) visit(item);
    await sleep(STEP_MS);
  }
  for (const item of all) visit(item);
}
