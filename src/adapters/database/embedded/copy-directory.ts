import { constants, type Dirent, type Stats } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { withPooledClient } from '#adapters/database/pooled-client.ts';

/** A file whose modification time is this close to the first pass may have been written after it, because file systems round times. */
const ROUNDING_MS = 2_000;
const FILES_AT_ONCE = 16;

type Seen = { size: number; mtimeMs: number; sure: boolean };

/**
 * Copies the directory of the embedded database as of one moment, while it is in use. Most of it is copied while others work, and what
 * they have changed meanwhile after a checkpoint, while a transaction holds the only session. So others wait only for the copy of these
 * files, and the session stays as it was: nothing is read through it.
 */
export async function copyDataDirectory(pool: pg.Pool, from: string, to: string): Promise<void> {
  const seen = new Map<string, Seen>();
  await copyChanged(from, to, seen);
  await withPooledClient(pool, async (client) => {
    await client.query('BEGIN');
    await client.query('CHECKPOINT');
    await copyChanged(from, to, seen).finally(() => client.query('ROLLBACK'));
  });
}

/** Copies files that are new or have changed since they were seen, and removes those that are gone. */
async function copyChanged(from: string, to: string, seen: Map<string, Seen>): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const entries = await readdir(from, { withFileTypes: true, recursive: true });
  const nameOf = ({ parentPath, name }: Dirent) => join(parentPath, name).slice(from.length + 1);
  for (const directory of entries.filter((entry) => entry.isDirectory()))
    await mkdir(join(to, nameOf(directory)), { recursive: true, mode: 0o700 });
  const files = entries.filter((entry) => entry.isFile()).map(nameOf);
  const there = new Set<string>();
  for (let first = 0; first < files.length; first += FILES_AT_ONCE) {
    const some = files.slice(first, first + FILES_AT_ONCE);
    const copied = await Promise.all(some.map((name) => copyOne(from, to, name, seen)));
    for (const [index, name] of some.entries()) if (copied[index]) there.add(name);
  }
  for (const name of seen.keys()) {
    if (there.has(name)) continue;
    seen.delete(name);
    await rm(join(to, name), { force: true });
  }
}

/** Returns whether the file exists. */
async function copyOne(from: string, to: string, name: string, seen: Map<string, Seen>): Promise<boolean> {
  try {
    const lookedAt = Date.now();
    const stats = await lstat(join(from, name));
    if (isAsSeen(stats, seen.get(name))) return true;
    const { size, mtimeMs } = stats;
    await copyFile(join(from, name), join(to, name), constants.COPYFILE_FICLONE);
    seen.set(name, { size, mtimeMs, sure: mtimeMs < lookedAt - ROUNDING_MS });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

const isAsSeen = ({ size, mtimeMs }: Stats, seen: Seen | undefined): boolean =>
  seen?.sure === true && seen.size === size && seen.mtimeMs === mtimeMs;
