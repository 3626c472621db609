import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The files of a backup, which has a folder of its own. */
export const DATA_FILE = 'data.gz';
const MANIFEST_FILE = 'manifest.json';

const sum = z.object({ rows: z.number(), checksum: z.string() });

/** The content of a backup, and whether it was verified. */
const manifestFile = z.object({
  format: z.literal(1),
  id: z.uuid(),
  /** The moment of the data. */
  createdAt: z.iso.datetime(),
  durationSeconds: z.number(),
  /** The version of Parley that wrote it, and the database that it was read from. */
  parley: z.string(),
  database: z.object({ kind: z.enum(['embedded', 'postgres']), version: z.string() }),
  /** The migrations that created its tables, with the checksums of their files. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  data: z.object({ sizeBytes: z.number(), uncompressedBytes: z.number(), sha256: z.string() }),
  tables: z.record(z.string(), sum),
  /** Files that rows refer to, and that are not in the dump. */
  media: z.array(z.object({ key: z.string(), sizeBytes: z.number(), sha256: z.string().nullable() })),
  /** When it was last restored elsewhere and compared; null if never. */
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

/** Returns the manifest of a folder; null if there is no readable one. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  try {
    return manifestFile.parse(JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')));
  } catch {
    return null;
  }
}
