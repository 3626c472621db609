import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { MIGRATIONS_DIR, readMigrations } from '#adapters/database/migrator/migration-files.ts';
import { newMigration, SCHEMA_DIR } from '#adapters/database/migrator/schema-changes.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { runScript } from '../support/run-script.ts';

const CLI = join(import.meta.dirname, '../../bin/parley.js');

const cleanup = useCleanup();
let home: string;
let directories: { schemaDir: string; migrationsDir: string };

beforeEach(() => {
  home = createDirectory(cleanup);
  directories = { schemaDir: join(home, 'schema'), migrationsDir: join(home, 'migrations') };
  cpSync(SCHEMA_DIR, directories.schemaDir, { recursive: true });
  cpSync(MIGRATIONS_DIR, directories.migrationsDir, { recursive: true });
});

it('writes the SQL of what changed as the newest migration, and has nothing to write after that', async () => {
  writeFileSync(
    join(directories.schemaDir, 'pets.prisma'),
    'model Pet {\n  id Int @id\n  name String\n\n  @@map("pets")\n}\n',
  );
  const file = await newMigration('add_pets', directories);
  expect(readFileSync(file, 'utf8')).toMatch(
    /^-- CreateTable\nCREATE TABLE "pets" \(\n {4}"id" INTEGER NOT NULL,\n {4}"name" TEXT NOT NULL,/,
  );
  expect(basename(dirname(file))).toMatch(/^\d{14}_add_pets$/);
  expect(readMigrations(directories.migrationsDir).at(-1)?.name).toBe(basename(dirname(file)));
  await expect(newMigration('again', directories)).rejects.toThrow('The migrations already make what');
});

it("keeps the project's own migrations equal to its schema", async () => {
  await expect(newMigration('nothing', directories)).rejects.toThrow('The migrations already make what');
});

it("tells a broken schema in Prisma's words", async () => {
  writeFileSync(join(directories.schemaDir, 'broken.prisma'), 'model Broken {\n  id Nothing @id\n}\n');
  await expect(newMigration('broken', directories)).rejects.toThrow(
    'Type "Nothing" is neither a built-in type, nor refers to another model',
  );
});

it('refuses names that are no folder names', async () => {
  const { code, output } = await runScript(CLI, ['migrate', 'new', '../Evil Name']);
  expect({ code, output }).toEqual({
    code: 1,
    output: 'A migration cannot be named "../Evil Name": use up to 100 of a-z, 0-9 and _, a letter first.\n',
  });
});

it('explains itself when it is called wrongly', async () => {
  for (const args of [['new'], ['new', 'a', 'b'], ['old']]) {
    expect(await runScript(CLI, ['migrate', ...args])).toEqual({
      code: 2,
      output: expect.stringContaining('npm run migrate -- new NAME'),
    });
  }
});
