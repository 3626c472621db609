import { MIGRATIONS_DIR } from '#adapters/database/migrator/migration-files.ts';
import { openLog } from '#adapters/log.ts';
import { loadEnvFile, readConfig } from '#config/config.ts';
import { openMigratedDatabase } from '#services.ts';
import { explainError } from './explain-error.ts';

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
    console.error(explainError(error));
    return 1;
  }
}

async function applyMigrations(): Promise<number> {
  loadEnvFile();
  const config = readConfig();
  const { database, applied } = await openMigratedDatabase(
    config,
    { log: openLog(config.logLevel), onLost: fail },
    console.log,
  );
  await database.close();
  console.log(applied.length === 0 ? 'The database is up to date.' : `Done: ${applied.length} applied.`);
  return 0;
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
  console.error(explainError(error));
  process.exit(1);
}

process.exitCode = await main(process.argv.slice(2));
