import type pg from 'pg';
import { openDatabase } from '#adapters/database/database.ts';
import { listLeftovers } from '#adapters/database/dump/scratch-databases.ts';
import { databaseNameOf, mayCreateDatabases } from '#adapters/database/dump/server-databases.ts';
import { DataDirectoryInUse } from '#adapters/database/embedded/data-directory.ts';
import { compareMigrations } from '#adapters/database/migrator/migrator.ts';
import { openLog } from '#adapters/log.ts';
import type { Config } from '#config/config.ts';
import { type Finding, fail, note, ok } from './finding.ts';

/** The oldest PostgreSQL that Parley is tested with. */
const OLDEST_POSTGRES = 150_000;
/** The tolerated difference between the clocks of two machines: a process decides by its own clock what is due. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Checks whether the database can be used, and whether its clock agrees with this machine's. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  const opened = await openDatabase(config, { log: openLog('silent'), onLost: () => {} }).catch((error: unknown) => {
    if (error instanceof DataDirectoryInUse) return error;
    throw error;
  });
  if (opened instanceof DataDirectoryInUse) return [note(opened.message)];
  try {
    return await describeDatabase(opened.pool, config);
  } finally {
    await opened.close();
  }
}

async function describeDatabase(
  pool: pg.Pool,
  { databaseUrl, databaseReplicaUrl, databasePoolSize }: Config,
): Promise<Finding[]> {
  const startedAt = Date.now();
  const { rows } = await pool.query<{ version: string; number: number; connections: number; now: Date }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
       current_setting('max_connections')::int AS connections, clock_timestamp() AS now`,
  );
  const { version: server = '', number = 0, connections = 0, now = new Date() } = rows[0] ?? {};
  if (number < OLDEST_POSTGRES) return [fail(`PostgreSQL ${server} is too old; Parley needs 15 or newer.`)];
  const { pending } = await compareMigrations(pool);
  const migrations =
    pending.length > 0
      ? `; ${pending.length} migrations are missing, which a start or \`npx parley migrate\` applies`
      : '';
  const findings = [ok(`PostgreSQL ${server}${databaseUrl ? '' : ', embedded'}${migrations}`)];
  const offMs = Math.abs(now.getTime() - (startedAt + Date.now()) / 2);
  if (offMs > CLOCK_TOLERANCE_MS)
    return [...findings, fail(`Its clock and this one are ${Math.round(offMs / 1_000)} s apart; set both by NTP.`)];
  findings.push(ok(`Its clock and this one agree to ${Math.round(offMs)} ms.`));
  if (!databaseUrl) return findings;
  const serverExtra = SERVER_EXTRA + (databaseReplicaUrl ? 1 : 0); // one connection compares it with the replica
  findings.push(describeConnections(connections, databasePoolSize + serverExtra, databasePoolSize + WORKER_EXTRA));
  const leftovers = await listLeftovers(pool, databaseNameOf(databaseUrl));
  if (leftovers.length > 0)
    findings.push(
      note(
        `Beside the database are ${leftovers.join(', ')}, which restores and verifications left, and which also hold who was erased since. Drop them when nobody needs them.`,
      ),
    );
  if (!(await mayCreateDatabases(await borrow(pool))))
    findings.push(
      note(
        'The user may not create databases: backups are verified in an embedded one, and `parley backup restore` cannot run. `ALTER ROLE … CREATEDB` changes that.',
      ),
    );
  return findings;
}

/** Connections in addition to the pool: one for health, two for jobs; a worker has five for jobs, and one that hears of webhooks. */
const SERVER_EXTRA = 3;
const WORKER_EXTRA = 7;

function describeConnections(allowed: number, ofServer: number, ofWorker: number): Finding {
  const words = `It allows ${allowed} connections; a server takes up to ${ofServer}, a worker ${ofWorker}`;
  return allowed < ofServer + ofWorker
    ? fail(`${words}: raise max_connections, or set a smaller DATABASE_POOL_SIZE.`)
    : ok(`${words}.`);
}

async function borrow(pool: pg.Pool): Promise<pg.PoolClient> {
  const client = await pool.connect();
  client.release();
  return client;
}
