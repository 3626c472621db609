import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '#adapters/files/disk.ts';
import { DATA_FILE, type Manifest, readManifest } from './manifest.ts';

/** A backup that is in the directory: its folder there, and what its manifest says. */
export type StoredBackup = { name: string; folder: string; manifest: Manifest };

/** What is being written; it gets its name when it is whole. */
const PARTIAL = '.partial';
/** What another process left half done so long ago is nobody's. */
const ABANDONED_MS = 24 * 3_600_000;
/** By so much clocks may differ. */
const CLOCK_TOLERANCE_MS = 3_600_000;

/** Returns the folder in which a backup is written before it counts as one. */
export const partialFolder = (directory: string, id: string) => join(directory, `${id}${PARTIAL}`);

/** Gives a finished backup its name, which the disk knows when this resolves. */
export async function publishBackup(directory: string, partial: string, { createdAt, id }: Manifest): Promise<string> {
  const name = `${createdAt.slice(0, 19).replaceAll(':', '-')}Z-${id.slice(-8)}`;
  await rename(partial, join(directory, name));
  await flushDirectory(directory);
  return name;
}

/** Windows cannot open directories, and needs not. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory);
  await handle.sync().finally(() => handle.close());
}

/**
 * Returns the backups of a directory, the newest first; none where there is no directory. One whose data are not all there any more is
 * one that does not restore, whatever it was proven to. Throws where it cannot be read.
 */
export async function listBackups(directory: string): Promise<StoredBackup[]> {
  const backups: StoredBackup[] = [];
  for (const name of await listFolders(directory)) {
    const folder = join(directory, name);
    const manifest = await readManifest(folder);
    if (manifest) backups.push({ name, folder, manifest: await withDamage(folder, manifest) });
  }
  return backups.sort((a, b) => (a.manifest.createdAt < b.manifest.createdAt ? 1 : -1));
}

/** Returns the names of what may have been a backup, and has no manifest that can be read. */
export async function listUnreadable(directory: string): Promise<string[]> {
  const unreadable: string[] = [];
  for (const name of await listFolders(directory))
    if (!(await readManifest(join(directory, name)))) unreadable.push(name);
  return unreadable.sort();
}

async function listFolders(directory: string): Promise<string[]> {
  const entries = (await unlessMissing(readdir(directory, { withFileTypes: true }))) ?? [];
  return entries.filter((entry) => !entry.isFile() && !entry.name.endsWith(PARTIAL)).map(({ name }) => name);
}

async function withDamage(folder: string, manifest: Manifest): Promise<Manifest> {
  const { createdAt, data, verification } = manifest;
  const size = (await unlessMissing(stat(join(folder, DATA_FILE))))?.size;
  if (size === data.sizeBytes) return manifest;
  const problem =
    size === undefined ? 'Its data are not there.' : `Of its data, ${size} of ${data.sizeBytes} bytes are there.`;
  return { ...manifest, verification: { on: 'embedded', at: createdAt, ...verification, held: false, problem } };
}

/**
 * Deletes what is older than the `keep` newest backups that were proven to restore, so never the last of these. Where fewer
 * were, all stays. One whose time is yet to come, by a clock that was wrong, is none of the newest. Removes what was abandoned half
 * done, too, as what a process leaves that is killed while it deletes.
 */
export async function rotateBackups(directory: string, keep: number): Promise<void> {
  const backups = await listBackups(directory);
  const latest = new Date(Date.now() + CLOCK_TOLERANCE_MS).toISOString();
  const proven = backups.filter(({ manifest }) => manifest.verification?.held && manifest.createdAt <= latest);
  const oldestKept = proven[keep - 1]?.manifest.createdAt;
  for (const { folder, manifest } of backups)
    if (oldestKept && manifest.createdAt < oldestKept) await removeBackup(folder);
  await removeAbandoned(directory);
}

/** Takes its name from a backup first, so that no half of one has it. */
async function removeBackup(folder: string): Promise<void> {
  const partial = `${folder}${PARTIAL}`;
  await unlessMissing(rename(folder, partial)); // another process may have removed it
  await rm(partial, { recursive: true, force: true });
}

async function removeAbandoned(directory: string): Promise<void> {
  for (const name of (await readdir(directory)).filter((one) => one.endsWith(PARTIAL))) {
    const folder = join(directory, name);
    const found = await unlessMissing(stat(folder)); // another process may have finished or removed it
    if (found && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(folder, { recursive: true, force: true });
  }
}
