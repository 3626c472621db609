import pg from 'pg';
import type { Tx } from '#domain/core/transaction.ts';

/** A foreign key with ON DELETE CASCADE: its rows are deleted with the row that they reference. */
export type OwnedTable = {
  table: string;
  column: string;
  parent: string;
  /** The referenced column of the parent. */
  parentColumn: string;
};

type Queryable = Pick<Tx, '$queryRaw'>;

/**
 * Returns every cascading foreign key, by which rows belong to others and so in the end to a user. Read from the catalogue, so that a new
 * table is covered automatically.
 */
export async function listOwnedTables(db: Queryable): Promise<OwnedTable[]> {
  return db.$queryRaw<OwnedTable[]>`
    SELECT c.conrelid::regclass::text AS "table", a.attname AS "column",
      c.confrelid::regclass::text AS "parent", p.attname AS "parentColumn"
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute p ON p.attrelid = c.confrelid AND p.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND c.confdeltype = 'c' AND cardinality(c.conkey) = 1
      AND c.connamespace = current_schema()::regnamespace
    ORDER BY 1, 2`;
}

const quote = pg.escapeIdentifier;

/**
 * Returns, for each table with rows of a user, the condition on `$1`, the user's id, that finds them. Rows further down are found through
 * their parents.
 */
export function conditionsOf(owned: readonly OwnedTable[]): Map<string, string> {
  const conditions = new Map([['users', 'id = $1::uuid']]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { table, column, parent, parentColumn } of owned) {
      const ofParent = conditions.get(parent);
      if (!ofParent || conditions.has(table)) continue;
      // A reference to users itself is compared directly; others through their parents, each of which has a condition by then.
      conditions.set(
        table,
        parent === 'users'
          ? `${quote(column)} = $1::uuid`
          : `${quote(column)} IN (SELECT ${quote(parentColumn)} FROM ${quote(parent)} WHERE ${ofParent})`,
      );
      grown = true;
    }
  }
  return conditions;
}
