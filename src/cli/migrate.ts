import { MIGRATIONS_DIR } from '#adapters/database/migrator/migration-files.ts';
import { openLog } from '#adapters/log.ts';
import { listSecrets } from '#config/config.ts';
import { openMigratedDatabase } from '#services.ts';
import { type Command, print, WrongUsage } from './command.ts';
import { showDatabase } from './confirm-database.ts';
import { explainError } from './explain-error.ts';
import { readSettings } from './open-services.ts';

export const command: Command = {
  usage: `Usage:
  npx parley migrate           applies the migrations the database lacks (DATABASE_URL, else the one in DATA_DIR)
  npx parley migrate new NAME  writes a migration with what changed in prisma/schema; npm run migrate -- new NAME does, too`,
  async run([what, name, ...rest]) {
    if (what === undefined) return applyMigrations();
    if (what === 'new' && name !== undefined && rest.length === 0) return writeMigration(name);
    throw new WrongUsage();
  },
};

async function applyMigrations(): Promise<number> {
  const config = readSettings();
  showDatabase(config);
  const { database, applied } = await openMigratedDatabase(
    config,
    { log: openLog(config.logLevel, listSecrets()), onLost: fail },
    console.log,
  );
  await database.close();
  print(applied.length === 0 ? 'The database is up to date.' : `Done: ${applied.length} applied.`);
  return 0;
}

async function writeMigration(name: string): Promise<number> {
  const { newMigration, SCHEMA_DIR } = await import('#adapters/database/migrator/schema-changes.ts');
  const file = await newMigration(name, { schemaDir: SCHEMA_DIR, migrationsDir: MIGRATIONS_DIR });
  print(`Wrote ${file}\nRead it before you commit it: it may drop columns, and renames look like a drop and an add.`);
  return 0;
}

function fail(error: Error): never {
  console.error(explainError(error));
  process.exit(1);
}
