import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import type { Logger } from '#adapters/log.ts';
import type { Config } from '#config/config.ts';
import { PrismaClient } from '#generated/prisma/client.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded/embedded-database.ts';
import { createSql, type Sql } from './named-statements.ts';
import { createListen, type Listen } from './notifications.ts';
import { openPingPool, openRequestPool, REQUEST_OPTIONS } from './pools.ts';
import { QueryStats } from './query-stats.ts';
import { withSessionOptions } from './session-settings.ts';

/** The database of a process, whichever kind it is. */
export type Database = {
  kind: 'embedded' | 'postgres';
  pool: pg.Pool;
  prisma: PrismaClient;
  sql: Sql;
  stats: QueryStats;
  /** The embedded database notifies nobody: it has one process, which knows what it has committed. */
  listen: Listen;
  /** Returns how many milliseconds a query takes now, on a connection of its own. Throws after PING_TIMEOUT_MS. */
  ping(): Promise<number>;
  /** Closes all connections, then the embedded database if there is one. */
  close(): Promise<void>;
};

/**
 * `onLost` is called for failures that the running process cannot recover from; `embedded` is the database of DATA_DIR if it is already
 * running.
 */
export type Reports = {
  log: Logger;
  onLost: (error: Error) => void;
  embedded?: EmbeddedDatabase | undefined;
};

/**
 * Opens PostgreSQL at DATABASE_URL, to which it connects lazily, or else the embedded one in DATA_DIR. Throws DataDirectoryInUse if
 * another process has that directory. `onLost` is called once when the embedded database ends by itself.
 */
export async function openDatabase(config: Config, { log, onLost, embedded: running }: Reports): Promise<Database> {
  const embedded = config.databaseUrl
    ? undefined
    : (running ?? (await startEmbeddedDatabase({ dataDir: config.dataDir, onLost })));
  const stats = new QueryStats(config.slowQueryMs);
  const connection = embedded
    ? { ...embedded.connection, options: REQUEST_OPTIONS }
    : { connectionString: withSessionOptions(config.databaseUrl as string, REQUEST_OPTIONS) };
  const pool = openRequestPool(connection, { stats, config, log });
  const pings = openPingPool(connection);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    kind: embedded ? 'embedded' : 'postgres',
    pool,
    prisma,
    sql: createSql(pool),
    stats,
    listen: embedded ? async () => async () => {} : createListen(connection),
    async ping() {
      const startedAt = performance.now();
      await pings.query('SELECT 1');
      return performance.now() - startedAt;
    },
    async close() {
      await prisma.$disconnect();
      await Promise.all([pool.end(), pings.end()]);
      await embedded?.stop();
    },
  };
}
