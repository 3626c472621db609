import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';

/** How long a migration waits for a table at a time, in milliseconds: readers of the table queue behind it, and give up after 10 s. */
export const LOCK_WAIT_MS = 3_000;

/** The longest pause between two attempts, in multiples of the lock wait. */
const MAX_PAUSE_WAITS = 10;

/** It has waited for its maximum (55P03), or lost a deadlock (40P01): nothing was changed. */
const LOCKED_OUT = new Set<unknown>(['55P03', '40P01']);

/** The parameters of a migration. */
export type LockWaits = { client: pg.ClientBase; sql: string; lockWaitMs: number; log: (sentence: string) => void };

/**
 * Runs a migration's transaction until it gets its locks, without a limit: it may have to wait for a backup of an hour. Between two
 * attempts it leaves readers alone, for a time that grows and is never the same for two processes.
 */
export async function retryLockedOut(waits: LockWaits, attempt: () => Promise<void>): Promise<void> {
  for (let failed = 1; ; failed += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Error) || !LOCKED_OUT.has((error as pg.DatabaseError).code)) throw error;
      const pauseMs = Math.min(2 ** failed, MAX_PAUSE_WAITS) * waits.lockWaitMs * (0.5 + Math.random() / 2);
      waits.log(`${await describeHolders(waits)} It tries again in ${(pauseMs / 1000).toFixed(1)} s.`);
      await setTimeout(pauseMs);
    }
  }
}

/**
 * Sessions that hold tables which a text names, in transactions older than the wait that just ended, because only those can have caused
 * it. Their statements are not shown, as they may contain anything. Only pg_monitor may see when the sessions of others began.
 */
const HOLDERS = /* sql */ `
  SELECT activity.pid, activity.application_name AS application, activity.usename AS "user",
    round(extract(epoch FROM now() - activity.xact_start))::int AS seconds,
    string_agg(DISTINCT class.relname, ', ' ORDER BY class.relname) AS tables
  FROM pg_locks AS lock
  JOIN pg_stat_activity AS activity USING (pid)
  JOIN pg_class AS class ON class.oid = lock.relation AND class.relkind IN ('r', 'p')
  WHERE lock.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND lock.granted
    AND lock.pid <> pg_backend_pid() AND position(class.relname::text IN $1) > 0
    AND (activity.xact_start < now() - $2 * interval '1 millisecond') IS NOT FALSE
  GROUP BY 1, 2, 3, activity.xact_start ORDER BY activity.xact_start LIMIT 3`;

type Holder = { pid: number; application: string | null; user: string; seconds: number | null; tables: string };

async function describeHolders({ client, sql, lockWaitMs }: LockWaits): Promise<string> {
  const { rows } = await client.query<Holder>(HOLDERS, [sql, lockWaitMs]);
  if (rows.length === 0) return 'It did not get the tables that it changes, and finds nobody who holds them now.';
  const holders = rows.map(
    ({ pid, application, user, seconds, tables }) =>
      `session ${pid} (${application || 'no name'}, user ${user}) holds ${tables}${seconds === null ? '' : `, for ${seconds} s`}`,
  );
  return `It waits for other transactions: ${holders.join('; ')}. One that was forgotten ends by pg_terminate_backend(pid).`;
}
