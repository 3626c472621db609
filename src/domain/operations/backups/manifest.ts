import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The files of a backup, which has a folder of its own. */
export const DATA_FILE = 'data.gz';
export const MANIFEST_FILE = 'manifest.json';
/** The format of manifests that this version writes, and the latest that it can read. */
const FORMAT = 1;

const sum = z.object({ rows: z.number(), checksum: z.string() });

/** The content of a backup, and whether it was verified. */
const manifestFile = z.object({
  format: z.literal(FORMAT),
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

/** Any manifest of a later format: the only fields that all formats have. */
const laterManifest = z.object({ format: z.int().gt(FORMAT), parley: z.string() });

/** Returns why `readManifest` finds none in a folder, as the end of a sentence about the backup. */
export async function explainUnreadable(folder: string): Promise<string> {
  try {
    const { parley } = laterManifest.parse(JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')));
    return `was made by a newer version of Parley (${parley}); use that version or a newer one to restore it`;
  } catch {
    return 'has no manifest.json that can be read; take another copy of it, or another backup';
  }
}
