import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The files of a backup, in a folder of its own. */
export const DATA_FILE = 'data.gz';
const MANIFEST_FILE = 'manifest.json';

const sum = z.object({ rows: z.number(), checksum: z.string() });

/** What a backup holds, and whether it was proven to. */
const manifestFile = z.object({
  format: z.literal(1),
  id: z.uuid(),
  /** The moment whose data it holds. */
  createdAt: z.iso.datetime(),
  durationSeconds: z.number(),
  /** The version of Parley that wrote it, and the database that it was read from. */
  parley: z.string(),
  database: z.object({ kind: z.enum(['embedded', 'postgres']), version: z.string() }),
  /** The migrations that made its tables, with the checksums of their files. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  data: z.object({ sizeBytes: z.number(), uncompressedBytes: z.number(), sha256: z.string() }),
  tables: z.record(z.string(), sum),
  /** Files that rows speak of and the dump does not hold. */
  media: z.array(z.object({ key: z.string(), sizeBytes: z.number(), sha256: z.string().nullable() })),
  /** When it was last restored elsewhere and compared; null where it never was. */
  verification: z
    .object({
      at: z.iso.datetime(),
      held: z.boolean(),
      on: z.enum(['server', 'embedded']),
      problem: z.string().nullable(),
    })
    .nullable(),
});
export type Manifest = z.output<typeof manifestFile>;

/** Writes the manifest into the folder of its backup. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeFile(join(folder, MANIFEST_FILE), text, { mode: 0o600, flush: true });
}

/** Returns the manifest of a folder; null where it has none that can be read. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  try {
    return manifestFile.parse(JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')));
  } catch {
    return null;
  }
}
