import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine, SchemasContainer } from '@prisma/schema-engine-wasm';
import { readMigrations } from './migration-files.ts';
import { MigrationError } from './migration-history.ts';
import { startShadowDatabase } from './shadow-database.ts';

/** The part of the package that is used; its types for Node omit it. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

/** prisma/schema of this installation. */
export const SCHEMA_DIR = join(import.meta.dirname, '../../../../prisma/schema');

/** The file next to the migrations in which Prisma stores the kind of database that they are for. */
const LOCK_FILE = { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' };

interface Directories {
  schemaDir: string;
  migrationsDir: string;
}

/** The engine's exit code for "there are differences". */
const CHANGED = 2;

const NOTHING_EXTERNAL = { externalTables: [], externalEnums: [] };

/**
 * Writes `<timestamp>_<name>/migration.sql` with the changes of the schema, and returns the file's path. Throws MigrationError if nothing
 * changed, or if the name has other characters than a-z, 0-9 and _.
 */
export async function newMigration(name: string, { schemaDir, migrationsDir }: Directories): Promise<string> {
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
    throw new MigrationError(`A migration cannot be named "${name}": use up to 100 of a-z, 0-9 and _, a letter first.`);
  }
  const sql = await diffSchema({ schemaDir, migrationsDir });
  if (sql === undefined) throw new MigrationError(`The migrations already make what ${schemaDir} describes.`);
  const directory = join(migrationsDir, `${timestamp(new Date())}_${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(migrationsDir, LOCK_FILE.path), LOCK_FILE.content);
  writeFileSync(join(directory, 'migration.sql'), sql);
  return join(directory, 'migration.sql');
}

/** UTC, to the second, like Prisma's own names. */
function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(/\D/g, '');
}

/**
 * Returns the SQL that leads from the result of the migrations to the Prisma schema; undefined if they agree. The migrations are run in a
 * temporary embedded database. Rejects with Prisma's message if the schema or a migration is broken.
 */
async function diffSchema({ schemaDir, migrationsDir }: Directories): Promise<string | undefined> {
  const shadow = await startShadowDatabase();
  try {
    const schema = readSchema(schemaDir);
    const engine = await startEngine(schema, shadow.factory);
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'migrations', ...listMigrations(migrationsDir) },
      to: { tag: 'schemaDatamodel', ...schema },
      script: true,
      exitCode: true,
      filters: NOTHING_EXTERNAL,
    });
    return exitCode === CHANGED && stdout ? stdout : undefined;
  } finally {
    await shadow.stop();
  }
}

async function startEngine(
  schema: SchemasContainer,
  factory: SqlMigrationAwareDriverAdapterFactory,
): Promise<SchemaEngine> {
  loading ??= loadEngine();
  const { SchemaEngine } = await loading;
  const datamodels = schema.files.map(({ path, content }): [string, string] => [path, content]);
  return SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

let loading: ReturnType<typeof loadEngine> | undefined;

/**
 * Loaded by hand, because the package's own loader imports a .wasm file, which Node does not support. Once, because it is a single
 * instance.
 */
async function loadEngine() {
  const require = createRequire(import.meta.url);
  const bindings = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = readFileSync(join(dirname(bindings), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  // The engine reports a panic here, and then dies of an exception that cannot be caught.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: console.error } });
  return glue;
}

function readSchema(directory: string): SchemasContainer {
  const names = readdirSync(directory).filter((name) => name.endsWith('.prisma'));
  return {
    files: names.map((name) => ({ path: join(directory, name), content: readFileSync(join(directory, name), 'utf8') })),
  };
}

function listMigrations(directory: string): MigrationList {
  return {
    baseDir: directory,
    lockfile: LOCK_FILE,
    shadowDbInitScript: '',
    migrationDirectories: readMigrations(directory).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}
