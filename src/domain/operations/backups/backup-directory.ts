import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '#adapters/files/disk.ts';
import { DATA_FILE, explainUnreadable, MANIFEST_FILE, type Manifest, readManifest } from './manifest.ts';

/** A backup in the directory: its folder, and its manifest. */
export type StoredBackup = { name: string; folder: string; manifest: Manifest };

/** The suffix of a folder that is being written; it is renamed when it is complete. */
const PARTIAL = '.partial';
/** After how long another process's partial folder counts as abandoned. */
const ABANDONED_MS = 24 * 3_600_000;
/** The tolerated difference between clocks. */
const CLOCK_TOLERANCE_MS = 3_600_000;

/** Returns the folder in which a backup is written until it is complete. */
export const partialFolder = (directory: string, id: string) => join(directory, `${id}${PARTIAL}`);

/** Returns the name under which a backup is stored. */
export const nameBackup = ({ createdAt, id }: Pick<Manifest, 'createdAt' | 'id'>) =>
  `${createdAt.slice(0, 19).replaceAll(':', '-')}Z-${id.slice(-8)}`;

/** What the names of all backups begin with, and so those of most of their copies. */
const TIME_IN_NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/;

/** Renames a finished backup to its final name, which is durable on disk when this resolves. */
export async function publishBackup(directory: string, partial: string, manifest: Manifest): Promise<string> {
  const name = nameBackup(manifest);
  await rename(partial, join(directory, name));
  await flushDirectory(directory);
  return name;
}

/** Windows cannot open directories, and does not need this. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory);
  await handle.sync().finally(() => handle.close());
}

/** Whether a backup has the name that it was stored under: copies have others. */
const isOriginal = ({ name, manifest }: StoredBackup) => name === nameBackup(manifest);

/**
 * Returns the backups of a directory, newest first, each before its copies; none if there is no directory. A backup whose data are incomplete counts as one that
 * does not restore, even if it was verified before. Throws if the directory cannot be read.
 */
export async function listBackups(directory: string): Promise<StoredBackup[]> {
  const backups: StoredBackup[] = [];
  for (const name of await listFolders(directory)) {
    const folder = join(directory, name);
    const manifest = await readManifest(folder);
    if (manifest) backups.push({ name, folder, manifest: await withDamage(folder, manifest) });
  }
  return backups
    .sort((a, b) => Number(isOriginal(b)) - Number(isOriginal(a)))
    .sort((a, b) => Date.parse(b.manifest.createdAt) - Date.parse(a.manifest.createdAt));
}

/** A folder that is or was a backup, and why it cannot be read: the end of a sentence about it. */
export type UnreadableBackup = { name: string; problem: string };

/** Returns the backups without a manifest that this version can read. Other folders, such as `lost+found`, are ignored. */
export async function listUnreadable(directory: string): Promise<UnreadableBackup[]> {
  const unreadable: UnreadableBackup[] = [];
  for (const name of (await listFolders(directory)).sort()) {
    const folder = join(directory, name);
    if ((await readManifest(folder)) || !(await mayBeBackup(name, folder))) continue;
    unreadable.push({ name, problem: await explainUnreadable(folder) });
  }
  return unreadable;
}

async function mayBeBackup(name: string, folder: string): Promise<boolean> {
  if (TIME_IN_NAME.test(name)) return true;
  const files = await readdir(folder).catch(() => []);
  return files.some((file) => file === DATA_FILE || file === MANIFEST_FILE);
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
 * Deletes the backups older than the `keep` newest verified ones, so never the last of these. If fewer are verified, all stay. A backup
 * dated in the future, by a wrong clock, does not count among the newest, and the one that was just taken stays even if the clock has gone
 * back since the others. Copies under other names neither count nor are deleted. Also removes abandoned partial folders, such as those of a
 * process that was killed while deleting.
 */
export async function rotateBackups(directory: string, keep: number, taken?: string): Promise<void> {
  const backups = (await listBackups(directory)).filter(isOriginal);
  const latest = new Date(Date.now() + CLOCK_TOLERANCE_MS).toISOString();
  const proven = backups.filter(({ manifest }) => manifest.verification?.held && manifest.createdAt <= latest);
  const oldestKept = proven[keep - 1]?.manifest.createdAt;
  for (const { name, folder, manifest } of backups)
    if (oldestKept && manifest.createdAt < oldestKept && name !== taken) await removeBackup(folder);
  await removeAbandoned(directory);
}

/** Renames a backup before deleting it, so that none is ever half deleted under its name. */
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
