/**
 * What one search of memories asks the database. Parley makes the later statements of a search from what the earlier ones
 * returned; other servers run the statements as they were recorded, with their values, so that all ask the same SQL.
 */
export type RecordedSearch = {
  query: string;
  statements: { text: string; values: unknown[] }[];
  /** The memories that were found, the best first. */
  ids: string[];
};

type RunSql = (text: string, values: readonly unknown[]) => Promise<unknown>;

export async function writeSearches(run: RunSql, searches: ReadonlyMap<string, RecordedSearch>): Promise<void> {
  await run('CREATE TABLE bench_searches (username text PRIMARY KEY, search json NOT NULL)', []);
  for (const [username, search] of searches)
    await run('INSERT INTO bench_searches VALUES ($1, $2::text::json)', [username, JSON.stringify(search)]);
}

/** Returns what was recorded, by the username of who searches. */
export async function readSearches(run: RunSql): Promise<Map<string, RecordedSearch>> {
  const rows = await run('SELECT username, search FROM bench_searches', []);
  return new Map((rows as { username: string; search: RecordedSearch }[]).map((row) => [row.username, row.search]));
}
