import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  type ColumnType,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { startEmbeddedDatabase } from '#adapters/database/embedded/embedded-database.ts';

/** A database for trying out migrations. */
export interface ShadowDatabase {
  /** The adapter for Prisma's schema engine. */
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
  /** Closes and deletes it. */
  stop(): Promise<void>;
}

/** Starts an empty embedded database in a temporary directory, for Prisma's schema engine to run migrations in. */
export async function startShadowDatabase(): Promise<ShadowDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-shadow-'));
  const database = await startEmbeddedDatabase({ dataDir, onLost: () => {} });
  const pool = new pg.Pool(database.connection);
  const prisma = new PrismaPg(pool);
  const connect = async () =>
    Object.assign(await prisma.connect(), {
      queryRaw: (query: SqlQuery) => queryCatalog(pool, query),
      // The adapter's own method splits a script at every semicolon, even within functions.
      executeScript: async (script: string) => void (await pool.query(script)),
    });
  return {
    factory: { provider: prisma.provider, adapterName: prisma.adapterName, connect, connectToShadowDb: connect },
    async stop() {
      await pool.end();
      await database.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** The types that the engine's queries of PostgreSQL's catalogs return, by oid; all others are read as text. */
const COLUMN_TYPES: Record<number, ColumnType> = {
  [pg.types.builtins.BOOL]: ColumnTypeEnum.Boolean,
  [pg.types.builtins.CHAR]: ColumnTypeEnum.Character,
  [pg.types.builtins.INT8]: ColumnTypeEnum.Int64,
  [pg.types.builtins.INT2]: ColumnTypeEnum.Int32,
  [pg.types.builtins.INT4]: ColumnTypeEnum.Int32,
  [pg.types.builtins.OID]: ColumnTypeEnum.Int64,
  1003: ColumnTypeEnum.TextArray, // name[]
  1009: ColumnTypeEnum.TextArray, // text[]
};

/** Replaces the adapter's own, which does not know the catalogs' type "char". */
async function queryCatalog(pool: pg.Pool, { sql, args }: SqlQuery): Promise<SqlResultSet> {
  const { fields, rows } = await pool.query<unknown[]>({ text: sql, values: args, rowMode: 'array' });
  return {
    columnNames: fields.map(({ name }) => name),
    columnTypes: fields.map(({ dataTypeID }) => COLUMN_TYPES[dataTypeID] ?? ColumnTypeEnum.Text),
    rows,
  };
}
