import { setTimeout as sleep } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';

/** How often due jobs are looked for: there is no notification when a delay ends, or when the claim of a dead worker does. */
const LOOK_MS = 2_000;

/** The lanes among $1 that have a job to deliver. */
const DUE_LANES = `SELECT lane FROM unnest($1::text[]) AS lane WHERE EXISTS (
  SELECT FROM pgboss.job WHERE name = lane AND state < 'active' AND NOT blocked AND start_after <= pgboss.job_now())`;

/**
 * Wakes the workers of each lane that has a job to deliver, again and again until the signal. One statement looks at all lanes, where each
 * worker that polls would take one that writes.
 */
export async function watchDueLanes(
  boss: PgBoss,
  working: ReadonlyMap<string, { wake(): void }>,
  signal: AbortSignal,
): Promise<void> {
  const pause = () => sleep(LOOK_MS, true, { ref: false, signal }).catch(() => false);
  while (await pause()) {
    try {
      const { rows } = await boss.getDb().executeSql(DUE_LANES, [[...working.keys()]]);
      for (const { lane } of rows as { lane: string }[]) working.get(lane)?.wake();
    } catch (error) {
      boss.emit('error', error as Error);
    }
  }
}
