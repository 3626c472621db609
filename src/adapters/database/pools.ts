import pg from 'pg';
import type { Logger } from '#adapters/log.ts';
import type { Config } from '#config/config.ts';
import { AttributedPool } from './attributed-pool.ts';
import { createMeasuredClient } from './measured-client.ts';
import type { QueryStats } from './query-stats.ts';
import { sessionOptions } from './session-settings.ts';

/** How long a request waits for a free connection before it fails with UNAVAILABLE. */
const CONNECT_TIMEOUT_MS = 5_000;
/** How long a request waits for the result of a statement before it fails with UNAVAILABLE. */
const QUERY_TIMEOUT_MS = 12_000;
/** PostgreSQL gives up before QUERY_TIMEOUT_MS: a statement that nobody waits for any more would keep its locks. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** A database that takes longer for `SELECT 1` counts as down. */
const PING_TIMEOUT_MS = 2_000;

/** The startup option `options` of the connections of requests. */
export const REQUEST_OPTIONS = sessionOptions({ statementTimeoutMs: STATEMENT_TIMEOUT_MS });

/** Opens the pool of requests, whose statements are counted. */
export function openRequestPool(
  connection: pg.PoolConfig,
  { stats, config, log }: { stats: QueryStats; config: Config; log: Logger },
): pg.Pool {
  const pool = new AttributedPool({
    ...connection,
    Client: createMeasuredClient(stats, { sqlEcho: config.sqlEcho, queryTimeoutMs: QUERY_TIMEOUT_MS }, log),
    application_name: 'parley',
    max: config.databasePoolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  return pool;
}

/** Opens a pool for pings, separate from that of requests: when that is exhausted, the database is still healthy. */
export function openPingPool(connection: pg.PoolConfig, timeoutMs = PING_TIMEOUT_MS): pg.Pool {
  const timeouts = { connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs };
  const pool = new pg.Pool({ ...connection, application_name: 'parley health', max: 1, ...timeouts });
  pool.on('error', () => {}); // the next ping reports it
  return pool;
}
