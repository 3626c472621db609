import pg from 'pg';
import { DataDirectoryInUse } from '#adapters/database/embedded/data-directory.ts';
import { startEmbeddedDatabase } from '#adapters/database/embedded/embedded-database.ts';
import { MIGRATIONS_DIR } from '#adapters/database/migrator/migration-files.ts';
import { MigrationError, migrate } from '#adapters/database/migrator/migrator.ts';
import { ConfigError, loadEnvFile, readConfig } from '#config/config.ts';

const USAGE = `Usage:
  npm run migrate              applies the migrations the database lacks (DATABASE_URL, else the one in DATA_DIR)
  npm run migrate -- new NAME  writes a migration with what changed in prisma/schema`;

/** Exit codes: 0 done, 1 failed, 2 wrongly called. */
async function main([command, name, ...rest]: string[]): Promise<number> {
  try {
    if (command === undefined) return await applyMigrations();
    if (command === 'new' && name !== undefined && rest.length === 0) return await writeMigration(name);
    console.error(USAGE);
    return 2;
  } catch (error) {
    console.error(inWords(error));
    return 1;
  }
}

async function applyMigrations(): Promise<number> {
  loadEnvFile();
  const { databaseUrl, dataDir } = readConfig();
  const embedded = databaseUrl ? undefined : await startEmbeddedDatabase({ dataDir, onLost: fail });
  const pool = new pg.Pool(embedded ? embedded.connection : { connectionString: databaseUrl });
  try {
    const { applied } = await migrate(pool, { log: console.log });
    console.log(applied.length === 0 ? 'The database is up to date.' : `Done: ${applied.length} applied.`);
    return 0;
  } finally {
    await pool.end();
    await embedded?.stop();
  }
}

async function writeMigration(name: string): Promise<number> {
  const { newMigration, SCHEMA_DIR } = await import('#adapters/database/migrator/schema-changes.ts');
  const file = await newMigration(name, { schemaDir: SCHEMA_DIR, migrationsDir: MIGRATIONS_DIR });
  console.log(
    `Wrote ${file}\nRead it before you commit it: it may drop columns, and renames look like a drop and an add.`,
  );
  return 0;
}

function fail(error: Error): never {
  console.error(inWords(error));
  process.exit(1);
}

/** A sentence where the error is one for people; otherwise all there is, to find the cause by. */
function inWords(error: unknown): string {
  if (error instanceof ConfigError || error instanceof MigrationError || error instanceof DataDirectoryInUse)
    return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return `The database cannot be reached (${code}). Check DATABASE_URL.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

process.exitCode = await main(process.argv.slice(2));
