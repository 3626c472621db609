import { access, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BackupSettings } from '#domain/core/deps.ts';

/** Next to the backups, and in none of them. */
const LEDGER_FILE = 'erased-users.jsonl';

const entry = z.object({ userId: z.uuid(), at: z.iso.datetime() });

/** Returns the path of the ledger of erased users, which holds ids that identify nobody. */
const ledgerFile = ({ directory }: Pick<BackupSettings, 'directory'>) => join(directory, LEDGER_FILE);

/** Adds a user to the ledger, durably when this resolves. Safe to repeat. */
export async function recordErasure(
  settings: Pick<BackupSettings, 'directory'>,
  userId: string,
  now: Date,
): Promise<void> {
  await mkdir(settings.directory, { recursive: true, mode: 0o700 });
  const file = await open(ledgerFile(settings), 'a', 0o600);
  try {
    // Begins with a newline, so that a partial line of a killed process cannot spoil this one.
    await file.appendFile(`\n${JSON.stringify({ userId, at: now.toISOString() })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether there is a ledger. Without one, nobody was erased, or it was lost. */
export const hasLedger = (settings: Pick<BackupSettings, 'directory'>): Promise<boolean> =>
  access(ledgerFile(settings)).then(
    () => true,
    () => false,
  );

/** Returns the ids of all users that were ever erased; none if there is no ledger. */
export async function readLedger(settings: Pick<BackupSettings, 'directory'>): Promise<string[]> {
  const text = await readFile(ledgerFile(settings), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const ids = new Set<string>();
  for (const line of text.split('\n')) {
    const parsed = entry.safeParse(parseJson(line));
    if (parsed.success) ids.add(parsed.data.userId);
  }
  return [...ids];
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
