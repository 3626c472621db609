import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** prisma/migrations of this installation. */
export const MIGRATIONS_DIR = join(import.meta.dirname, '../../../../prisma/migrations');

/** One migration of the folder. */
export interface Migration {
  /** The folder's name: a timestamp and a word, so the order of names is the order of migrations. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file's bytes, as Prisma writes it. */
  readonly checksum: string;
}

/** Reads all migrations of the folder, in the order in which they are applied; none if there is no folder. */
export function readMigrations(directory: string): Migration[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(directory, name, 'migration.sql'));
      return { name, sql: bytes.toString(), checksum: sha256(bytes) };
    });
}

/** Whether the checksum is that of the migration with any line endings: Git may have changed them, which Prisma accepts, too. */
export function hasChecksum(migration: Migration, checksum: string): boolean {
  if (migration.checksum === checksum) return true;
  const unix = migration.sql.replaceAll('\r\n', '\n');
  return sha256(unix) === checksum || sha256(unix.replaceAll('\n', '\r\n')) === checksum;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
