import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from '#adapters/log.ts';
import type { Config } from '#config/config.ts';
import { PrismaClient } from '#generated/prisma/client.ts';
import { AttributedPool } from './attributed-pool.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded/embedded-database.ts';
import { createMeasuredClient } from './measured-client.ts';
import { createSql, type Sql } from './named-statements.ts';
import { QueryStats } from './query-stats.ts';
import { sessionOptions, withSessionOptions } from './session-settings.ts';

/** The database of a process, however it is reached. */
export type Database = {
  kind: 'embedded' | 'postgres';
  pool: pg.Pool;
  prisma: PrismaClient;
  sql: Sql;
  stats: QueryStats;
  /** Returns the milliseconds that a query takes now, on a connection of its own. Throws after PING_TIMEOUT_MS. */
  ping(): Promise<number>;
  /** Closes all connections, then the embedded database where there is one. */
  close(): Promise<void>;
};

/** How long a request waits for a free connection before it fails with UNAVAILABLE. */
const CONNECT_TIMEOUT_MS = 5_000;
/** How long a request waits for the result of a statement before it fails with UNAVAILABLE. */
const QUERY_TIMEOUT_MS = 12_000;
/** PostgreSQL gives up before QUERY_TIMEOUT_MS: a statement that nobody waits for any more would keep its locks. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** A database that takes longer for `SELECT 1` is taken for one that is down. */
const PING_TIMEOUT_MS = 2_000;

/** `onLost` is told of what cannot be mended while the process runs; `embedded` is the database of DATA_DIR where it runs already. */
export type Reports = {
  log: Logger;
  onLost: (error: Error) => void;
  embedded?: EmbeddedDatabase | undefined;
};

/**
 * Opens PostgreSQL at DATABASE_URL, to which it connects lazily, or else the embedded one in DATA_DIR, for which it
 * throws DataDirectoryInUse where another process has the directory. `onLost` is called once when the embedded one ends
 * by itself.
 */
export async function openDatabase(config: Config, { log, onLost, embedded: running }: Reports): Promise<Database> {
  const embedded = config.databaseUrl
    ? undefined
    : (running ?? (await startEmbeddedDatabase({ dataDir: config.dataDir, onLost })));
  const stats = new QueryStats(config.slowQueryMs);
  const options = sessionOptions({ statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  const connection = embedded
    ? { ...embedded.connection, options }
    : { connectionString: withSessionOptions(config.databaseUrl as string, options) };
  const pool = new AttributedPool({
    ...connection,
    Client: createMeasuredClient(stats, config, log),
    application_name: 'parley',
    max: config.databasePoolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  const pings = pingPool(connection);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    kind: embedded ? 'embedded' : 'postgres',
    pool,
    prisma,
    sql: createSql(pool),
    stats,
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

/** Opens a pool for pings, apart from that of requests: when that is exhausted the database is still well. */
function pingPool(connection: pg.PoolConfig): pg.Pool {
  const timeouts = { connectionTimeoutMillis: PING_TIMEOUT_MS, query_timeout: PING_TIMEOUT_MS };
  const pool = new pg.Pool({ ...connection, application_name: 'parley health', max: 1, ...timeouts });
  pool.on('error', () => {}); // the next ping says so
  return pool;
}
