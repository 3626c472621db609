import pg from 'pg';
import { sessionOptions, withSessionOptions } from '#adapters/database/session-settings.ts';

/** Databases that exist on every server; another database is renamed while connected to one of them. */
const MAINTENANCE_DATABASES = ['postgres', 'template1'];
/** https://www.postgresql.org/docs/current/errcodes-appendix.html: the database does not exist; connecting to it is not allowed. */
const OUT_OF_REACH = ['3D000', '42501', '28000'];

/** How long to wait for a server that accepts a connection and then says nothing. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Where a URL leads to: the host, such as `127.0.0.1:5432`, and the name of the database. */
export type DatabaseAddress = { host: string; name: string };

/**
 * Returns where connections with a URL lead to. The client completes what a URL leaves out, from PGHOST, PGDATABASE and the like: another
 * reading of it than the client's own might name a database that Parley does not use.
 */
export function addressOf(databaseUrl: string): DatabaseAddress {
  const { host, port, database = '' } = new pg.Client({ connectionString: databaseUrl });
  return { host: host.startsWith('/') ? 'the local socket' : `${host}:${port}`, name: database };
}

/** Returns the name of the database that connections with a URL lead to. */
export const databaseNameOf = (databaseUrl: string): string => addressOf(databaseUrl).name;

/** Returns the URL of another database on the same server. The client decodes only what `encodeURI` encodes. */
export function urlOfDatabase(databaseUrl: string, name: string): string {
  return Object.assign(new URL(databaseUrl), { pathname: `/${encodeURI(name)}` }).href;
}

/** Runs `work` on a connection to another database of the server than the one in the URL. */
export async function withServer<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectBeside(databaseUrl);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function connectBeside(databaseUrl: string): Promise<pg.Client> {
  let refusal: unknown;
  for (const name of MAINTENANCE_DATABASES) {
    const url = withSessionOptions(urlOfDatabase(databaseUrl, name), sessionOptions({ statementTimeoutMs: 0 }));
    const client = new pg.Client({
      connectionString: url,
      application_name: 'parley backup',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    client.on('error', () => {}); // the next statement reports it
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if (!OUT_OF_REACH.includes(String((error as { code?: unknown }).code))) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** Whether the user may create databases. */
export async function mayCreateDatabases(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    'SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user',
  );
  return rows[0]?.may ?? false;
}

type DatabaseRow = { encoding: string; datlocprovider: string } & Record<string, string | null>;

/** Creates an empty database with the encoding and locale of another one, or with the server's defaults if that does not exist. */
export async function createDatabaseLike(client: pg.ClientBase, name: string, model: string): Promise<void> {
  const { rows } = await client.query<{ row: DatabaseRow }>(
    `SELECT to_jsonb(d) || jsonb_build_object('encoding', pg_encoding_to_char(encoding)) AS row
     FROM pg_database d WHERE datname = $1`,
    [model],
  );
  const options = rows[0] ? localeOptions(rows[0].row) : '';
  await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0${options}`);
}

/** The columns of PostgreSQL 15 to 18: the ICU locale was `daticulocale` up to 16. */
function localeOptions(row: DatabaseRow): string {
  const options = { ENCODING: row.encoding, LC_COLLATE: row.datcollate, LC_CTYPE: row.datctype };
  const locale = row.datlocale ?? row.daticulocale;
  const provider = {
    i: { LOCALE_PROVIDER: 'icu', ICU_LOCALE: locale },
    b: { LOCALE_PROVIDER: 'builtin', BUILTIN_LOCALE: locale },
  };
  return Object.entries({ ...options, ...provider[row.datlocprovider as 'i' | 'b'] })
    .filter((entry): entry is [string, string] => entry[1] != null)
    .map(([option, value]) => ` ${option} ${pg.escapeLiteral(value)}`)
    .join('');
}

/** Drops a database if it exists, with its connections. */
export async function dropDatabase(client: pg.ClientBase, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}
