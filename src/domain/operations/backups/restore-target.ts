import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { addressOf, withServer } from '#adapters/database/dump/server-databases.ts';
import { type DatabasePlace, openSession, withClient } from '#adapters/database/dump/sessions.ts';
import { listTables } from '#adapters/database/dump/tables.ts';

/** The database that a restore would replace. */
export type RestoreTarget = {
  /** Such as `127.0.0.1:5432`; `embedded` for an embedded database. */
  host: string;
  /** What an operator has to type as a confirmation: the name of the database, or the path of the data directory. */
  name: string;
  /** The number of rows in all tables; null if the database does not exist yet. */
  rows: number | null;
  /** The number of other connections, which would stay on the old database. */
  connections: number;
};

/** Describes the database that is at a place now. */
export async function describeTarget(place: DatabasePlace): Promise<RestoreTarget> {
  const { databaseUrl, dataDir } = place;
  if (!databaseUrl) {
    const rows = existsSync(join(dataDir, 'postgres')) ? await countAllRows(place) : null;
    return { host: 'embedded', name: dataDir, rows, connections: 0 };
  }
  const { host, name } = addressOf(databaseUrl);
  const connections = await withServer(databaseUrl, (client) => countConnections(client, name));
  const rows = connections === null ? null : await countAllRows(place);
  return { host, name, rows, connections: connections ?? 0 };
}

/** Null if there is no such database. */
async function countConnections(client: pg.ClientBase, name: string): Promise<number | null> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT (SELECT count(*)::int FROM pg_stat_activity a WHERE a.datname = d.datname) AS count
     FROM pg_database d WHERE datname = $1`,
    [name],
  );
  return rows[0]?.count ?? null;
}

async function countAllRows(place: DatabasePlace): Promise<number> {
  const session = await openSession(place);
  try {
    return await withClient(session, async (client) => {
      let total = 0;
      for (const { name } of await listTables(client)) {
        const { rows } = await client.query<{ count: number }>(
          `SELECT count(*)::float8 AS count FROM ${pg.escapeIdentifier(name)}`,
        );
        total += rows[0]?.count ?? 0;
      }
      return total;
    });
  } finally {
    await session.close();
  }
}
