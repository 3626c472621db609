import { join } from 'node:path';
import pg from 'pg';
import type { Database } from '#adapters/database/database.ts';
import { copyDataDirectory } from '#adapters/database/embedded/copy-directory.ts';
import { startEmbeddedDatabase } from '#adapters/database/embedded/embedded-database.ts';
import { withPooledClient } from '#adapters/database/pooled-client.ts';
import { sessionOptions, withSessionOptions } from '#adapters/database/session-settings.ts';
import { CONNECT_TIMEOUT_MS } from './server-databases.ts';

/** Where a database is: PostgreSQL at `databaseUrl`, otherwise the embedded one in `dataDir`. */
export type DatabasePlace = { databaseUrl: string | undefined; dataDir: string };

/** Connections to a database without statement timeouts: dumps and loads take as long as they take. */
export type DumpSession = { pool: pg.Pool; close(): Promise<void> };

/** The folder of the embedded database in its data directory. */
const FOLDER = 'postgres';

/** Opens a database for exclusive use. An embedded one is created if the directory is empty. */
export async function openSession({ databaseUrl, dataDir }: DatabasePlace): Promise<DumpSession> {
  const options = sessionOptions({ statementTimeoutMs: 0 });
  if (databaseUrl)
    return poolOf({
      connectionString: withSessionOptions(databaseUrl, options),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
  let pool: pg.Pool | undefined;
  const embedded = await startEmbeddedDatabase({ dataDir, onLost: () => void pool?.end().catch(() => {}) });
  const session = poolOf({ ...embedded.connection, options });
  pool = session.pool;
  return {
    pool,
    async close() {
      await session.close();
      await embedded.stop();
    },
  };
}

/**
 * Opens the source for a dump of a database in use: PostgreSQL itself, or for the embedded database, whose only session a long
 * transaction would block, a copy of its files in `workDir`, opened separately.
 */
export async function openDumpSource(
  database: Pick<Database, 'pool'>,
  { databaseUrl, dataDir }: DatabasePlace,
  workDir: string,
): Promise<DumpSession> {
  if (databaseUrl) return openSession({ databaseUrl, dataDir });
  await copyDataDirectory(database.pool, join(dataDir, FOLDER), join(workDir, FOLDER));
  return openSession({ databaseUrl: undefined, dataDir: workDir });
}

function poolOf(connection: pg.PoolConfig): DumpSession {
  const pool = new pg.Pool({ ...connection, application_name: 'parley backup', max: 1, keepAlive: true });
  pool.on('error', () => {}); // the next statement reports it
  return { pool, close: () => pool.end() };
}

/** Empties a database that nobody else uses: removes everything that Parley and its queue have created. */
export async function dropSchemas({ pool }: DumpSession): Promise<void> {
  await pool.query('DROP SCHEMA IF EXISTS pgboss CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
}

/** Runs `work` with one connection. */
export const withClient = <T>({ pool }: DumpSession, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  withPooledClient(pool, work);
