import type pg from 'pg';
import type { Deps } from '#domain/core/deps.ts';
import { ACTIVE_MEMORIES } from '#domain/memories/filter.ts';
import { searchMemories } from '#domain/search/memory-search.ts';
import { openServices } from '../../test/support/services.ts';
import { type RecordedSearch, writeSearches } from './recorded-searches.ts';
import { randomNumbers, speechOf, vocabulary } from './search-words.ts';
import type { Target } from './seed.ts';

/**
 * Searches once for each target's user, with a query of 1 to 8 words, and stores what that asked the database. Returns the
 * targets with their searches.
 */
export async function recordSearches(databaseUrl: string, targets: readonly Target[]): Promise<Target[]> {
  const services = await openServices({ DATABASE_URL: databaseUrl });
  const random = randomNumbers(11);
  const { query } = speechOf(vocabulary(randomNumbers(7)), random);
  try {
    const run = (text: string, values: readonly unknown[]) => services.database.sql<pg.QueryResultRow>(text, values);
    const searches = new Map<string, RecordedSearch>();
    for (const { username } of targets) {
      const user = await services.database.prisma.user.findUniqueOrThrow({ where: { username } });
      const { id: userId, role } = user;
      const scopes = ['READ', 'WRITE'] as const;
      const deps = { ...services, actor: { userId, role, apiKeyId: null, scopes, requestId: null, ip: null } };
      searches.set(username, await record(deps, query()));
    }
    await writeSearches(run, searches);
    return targets.map((target) => ({ ...target, search: searches.get(target.username) as RecordedSearch }));
  } finally {
    await services.close();
  }
}

async function record(deps: Deps, query: string): Promise<RecordedSearch> {
  const statements: RecordedSearch['statements'] = [];
  const note = (text: string, values: readonly unknown[] = []): void =>
    void statements.push({ text, values: [...values] });
  const { pool, sql } = deps.database;
  const notingPool = {
    query(text: string, values: unknown[]) {
      note(text, values);
      return pool.query(text, values);
    },
  };
  const notingSql: typeof sql = (text, values) => {
    note(text, values);
    return sql(text, values);
  };
  const database = { ...deps.database, pool: notingPool as typeof pool, sql: notingSql };
  const search = { query, filter: ACTIVE_MEMORIES, mode: 'LEXICAL', limit: 10 } as const;
  const { hits } = await searchMemories({ ...deps, database }, search);
  return { query, statements, ids: hits.map(({ memoryId }) => memoryId) };
}
