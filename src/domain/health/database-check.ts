import type { Database } from '#adapters/database/database.ts';
import { compareMigrations } from '#adapters/database/migrator/migrator.ts';
import type { Finding } from '#domain/core/deps.ts';
import { AWAITED } from '#domain/core/transaction.ts';

/**
 * Finds missing migrations, those of a newer version, and statements that wait for locks; and whether another database, as of a restored
 * backup, has taken the place of the one that had `epoch` when the process started.
 */
export async function checkDatabase(database: Database, epoch: Uint8Array): Promise<Finding<'database'>> {
  const latencyMs = await database.ping();
  const { pending, unknown } = await compareMigrations(database.pool);
  const details = { kind: database.kind, pool: poolStats(database), queries: queryStats(database) };
  if (pending.length > 0) {
    const message = `${pending.length} migrations are missing; restart, or run \`npm run migrate\`.`;
    return { status: 'UNHEALTHY', message, latencyMs, details };
  }
  if (!(await hasEpoch(database, epoch))) return { status: 'UNHEALTHY', message: REPLACED, latencyMs, details };
  return {
    latencyMs,
    details,
    message: unknown.length > 0 ? describeNewer(unknown) : await describeLockWaits(database),
  };
}

/** Clients would not learn from this process that they have to reload their lists. */
const REPLACED = 'The database was restored or replaced while this process ran; restart it.';

async function hasEpoch({ sql }: Database, epoch: Uint8Array): Promise<boolean> {
  const [row] = await sql<{ same: boolean }>(
    `SELECT EXISTS (SELECT FROM server_settings WHERE name = 'epoch' AND value = $1::bytea) AS same`,
    [epoch],
  );
  return row?.same === true;
}

/** As during a rolling upgrade: old processes serve until the last of them is replaced. */
function describeNewer(unknown: readonly string[]): string {
  return `A newer version of Parley has changed the database (${unknown.join(', ')}); upgrade this process, too.`;
}

/** A statement that waits for this share of what a write may, or longer, is held up by more than the write before it. */
const LONG_WAIT_MS = AWAITED.lockWaitMs / 5;

/** Says how many statements wait for long for what others hold; null where none does. */
async function describeLockWaits({ sql }: Database): Promise<string | null> {
  const [row] = await sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE NOT l.granted AND a.datname = current_database() AND l.waitstart < clock_timestamp() - $1 * interval '1 millisecond'`,
    [LONG_WAIT_MS],
  );
  const count = row?.count ?? 0;
  return count === 0 ? null : `${count} statements wait for rows that other transactions hold for long.`;
}

/** Connections of the pool, by what they do. */
export const poolStats = ({ pool }: Database) => ({
  total: pool.totalCount,
  idle: pool.idleCount,
  waiting: pool.waitingCount,
  max: pool.options.max,
});
/** Statements since the process started; durations in milliseconds. */
export const queryStats = ({ stats }: Database) => ({
  total: stats.count,
  failed: stats.failed,
  slow: stats.slowCount,
  averageMs: stats.averageMs,
  p95Ms: stats.p95Ms,
});
