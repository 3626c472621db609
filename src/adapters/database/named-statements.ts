import { createHash } from 'node:crypto';
import pg from 'pg';
import { rowTypes } from './row-types.ts';
import { isWriteConflict, retryWriteConflicts } from './write-conflicts.ts';

/**
 * Runs one statement outside of any transaction, again if it loses against another. Its rows have the types of the Prisma models: int8 is
 * bigint. A statement whose best plan depends on its values can be planned `anew` for them: as a named statement, a search would be
 * planned for an owner of average size. With 150,000 memories of 1,001 owners, the search of the one who has 100,000 took 118 ms instead
 * of 20; planning takes 2 to 4.
 */
export type Sql = <Row extends pg.QueryResultRow>(
  text: string,
  values?: readonly unknown[],
  plan?: 'anew',
) => Promise<Row[]>;

/**
 * Returns a function that runs statements on the pool, each by a name derived from its text, so that PostgreSQL plans equal texts once
 * per connection. A text with columns whose type a migration has changed gets another name, and runs again: PostgreSQL refused it before
 * it did anything. A statement that loses against another, according to `isConflict`, runs again, too.
 */
export function createSql(pool: pg.Pool, isConflict = isWriteConflict): Sql {
  const names = new Map<string, string>();
  const run = async <Row extends pg.QueryResultRow>(query: pg.QueryConfig) =>
    (await retryWriteConflicts(() => pool.query<Row>(query), isConflict)).rows;
  return async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = [], plan?: 'anew') => {
    const query = { text, values: [...values], types: rowTypes };
    if (plan) return run<Row>(query);
    for (;;) {
      const name = names.get(text) ?? nameOf(text);
      names.set(text, name);
      try {
        return await run<Row>({ ...query, name });
      } catch (error) {
        if (!isPlanOutdated(error)) throw error;
        if (names.get(text) === name) names.set(text, nameOf(text + name));
      }
    }
  };
}

/** 32 characters: PostgreSQL only uses the first 63 bytes of a name. */
function nameOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 32);
}

/** "Cached plan must not change result type", in any language: a prepared statement never changes the types of its columns. */
function isPlanOutdated(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery';
}
