/**
 * The session settings that Parley relies on, even if a role, a database or DATABASE_URL sets them otherwise: how values are written and
 * read, and timeouts. `search_path` is not among them: it says where Parley's tables are.
 */
const SETTINGS = {
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  /** Numbers are written with all their digits: otherwise a cursor would miss a row because of the last digit. */
  extra_float_digits: 1,
  array_nulls: 'on',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
  gin_fuzzy_search_limit: 0,
  lock_timeout: 0,
  idle_session_timeout: 0,
  /** In milliseconds. A process that hangs within a transaction keeps its locks no longer than that. */
  idle_in_transaction_session_timeout: 60_000,
};

/** Returns these settings as the startup option `options` of a connection, with a statement timeout in milliseconds, or 0 for none. */
export function sessionOptions({ statementTimeoutMs }: { statementTimeoutMs: number }): string {
  return Object.entries({ ...SETTINGS, statement_timeout: statementTimeoutMs })
    .map(([name, value]) => `-c ${name}=${String(value).replaceAll(' ', '\\ ')}`)
    .join(' ');
}

/** Returns the URL of a database with these options appended to its own; the last one counts. */
export function withSessionOptions(databaseUrl: string, options: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', `${url.searchParams.get('options') ?? ''} ${options}`.trim());
  return url.href;
}
