import { join } from 'node:path';
import pg from 'pg';
import type { Database } from '#adapters/database/database.ts';
import { copyDataDirectory } from '#adapters/database/embedded/copy-directory.ts';
import { startEmbeddedDatabase } from '#adapters/database/embedded/embedded-database.ts';
import { withPooledClient } from '#adapters/database/pooled-client.ts';
import { sessionOptions, withSessionOptions } from '#adapters/database/session-settings.ts';

/** Where a database is: PostgreSQL at `databaseUrl`, else the embedded one in `dataDir`. */
export type DatabasePlace = { databaseUrl: string | undefined; dataDir: string };

/** Connections to a database without bounds for statements: dumps and loads take as long as they take. */
export type DumpSession = { pool: pg.Pool; close(): Promise<void> };

/** The folder of the embedded database in its data directory. */
const FOLDER = 'postgres';

/** Opens a database to itself. An embedded one is created where the directory is empty. */
export async function openSession({ databaseUrl, dataDir }: DatabasePlace): Promise<DumpSession> {
  const options = sessionOptions({ statementTimeoutMs: 0 });
  if (databaseUrl) return poolOf({ connectionString: withSessionOptions(databaseUrl, options) });
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
 * Opens what a dump of a database that is in use is read from. Of PostgreSQL, the database itself. Of the embedded one, whose
 * only session a long transaction would keep from everybody, a copy of its files in `workDir`, which is opened beside it.
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
  pool.on('error', () => {}); // the next statement says so
  return { pool, close: () => pool.end() };
}

/** Empties a database that nobody else uses: of what Parley and its queue have made nothing is left. */
export async function dropSchemas({ pool }: DumpSession): Promise<void> {
  await pool.query('DROP SCHEMA IF EXISTS pgboss CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
}

/** Runs `work` with one connection. */
export const withClient = <T>({ pool }: DumpSession, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  withPooledClient(pool, work);
