import { createSql, type Sql } from '#adapters/database/named-statements.ts';
import { openPingPool, REQUEST_OPTIONS } from '#adapters/database/pools.ts';
import { withSessionOptions } from '#adapters/database/session-settings.ts';
import type { Config } from '#config/config.ts';
import { type Finding, fail, ok } from './finding.ts';

/** The time limit for either database in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Checks whether DATABASE_REPLICA_URL is a replica of the database, and whether its role may read all tables there. */
export async function checkReplica({ databaseUrl, databaseReplicaUrl }: Config): Promise<Finding[]> {
  if (!databaseUrl || !databaseReplicaUrl) return [];
  const [primary, replica] = [open(databaseUrl), open(databaseReplicaUrl)];
  try {
    const tables = await primary.sql<{ name: string }>(TABLES);
    const system = await identify(primary.sql);
    return [await compare(replica.sql, system, tables)];
  } finally {
    await Promise.all([primary.pool.end(), replica.pool.end()]);
  }
}

function open(url: string) {
  const pool = openPingPool({ connectionString: withSessionOptions(url, REQUEST_OPTIONS) }, ANSWER_TIMEOUT_MS);
  return { pool, sql: createSql(pool) };
}

async function compare(replica: Sql, of: Identity, tables: { name: string }[]): Promise<Finding> {
  try {
    const { isReplica, system } = await identify(replica);
    if (!isReplica) return fail('It is no replica: it takes writes itself. Check DATABASE_REPLICA_URL.');
    if (system !== of.system) return fail('It is a replica of another PostgreSQL. Check DATABASE_REPLICA_URL.');
    const unread = await replica<{ name: string }>(UNREADABLE, [tables.map(({ name }) => name)]);
    if (unread.length > 0)
      return fail(
        `Its role may not read ${unread.map(({ name }) => name).join(', ')}. \`GRANT SELECT ON ALL TABLES IN SCHEMA … TO …\` on the primary.`,
      );
    return ok(`It follows the database, and its role may read all ${tables.length} tables.`);
  } catch (error) {
    return fail(`It does not answer: ${(error as Error).message}. Check DATABASE_REPLICA_URL.`);
  }
}

type Identity = { isReplica: boolean; system: string };

async function identify(sql: Sql): Promise<Identity> {
  const [found] = await sql<Identity>(
    'SELECT pg_is_in_recovery() AS "isReplica", current_database() || system_identifier AS system FROM pg_control_system()',
  );
  return found as Identity;
}

/** Parley's tables: those in the schema of `server_settings`. */
const TABLES = /* sql */ `
SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p')
  AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('server_settings')) ORDER BY relname`;

const UNREADABLE = /* sql */ `
SELECT name FROM unnest($1::text[]) AS name
WHERE NOT coalesce(has_table_privilege(to_regclass(quote_ident(name)), 'SELECT'), false)`;
