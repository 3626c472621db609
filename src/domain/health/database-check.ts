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
  const { replaced, longWaits } = await readState(database, epoch);
  if (replaced) return { status: 'UNHEALTHY', message: REPLACED, latencyMs, details };
  return { latencyMs, details, message: unknown.length > 0 ? describeNewer(unknown) : describeLockWaits(longWaits) };
}

/** Clients would not learn from this process that they have to reload their lists. */
const REPLACED = 'The database was restored or replaced while this process ran; restart it.';

/** A statement that waits for this share of what a write may, or longer, is held up by more than the write before it. */
const LONG_WAIT_MS = AWAITED.lockWaitMs / 5;

type State = { replaced: boolean; longWaits: number };

/** Reads whether `epoch` is not that of the database any more, and how many statements wait for long for what others hold. */
async function readState({ sql }: Database, epoch: Uint8Array): Promise<State> {
  const [state] = await sql<State>(
    `SELECT NOT EXISTS (SELECT FROM server_settings WHERE name = 'epoch' AND value = $1::bytea) AS replaced,
       (SELECT count(*)::int FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted
          AND a.datname = current_database() AND l.waitstart < clock_timestamp() - $2 * interval '1 millisecond') AS "longWaits"`,
    [epoch, LONG_WAIT_MS],
  );
  return state as State;
}

/** As during a rolling upgrade: old processes serve until the last of them is replaced. */
function describeNewer(unknown: readonly string[]): string {
  return `A newer version of Parley has changed the database (${unknown.join(', ')}); upgrade this process, too.`;
}

const describeLockWaits = (count: number) =>
  count === 0 ? null : `${count} statements wait for rows that other transactions hold for long.`;

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
