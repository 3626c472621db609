import { openPingPool, REQUEST_OPTIONS } from '#adapters/database/pools.ts';
import { withSessionOptions } from '#adapters/database/session-settings.ts';
import type { Config } from '#config/config.ts';
import { isOverdue } from '#domain/health/backup-check.ts';
import { listBackups, type StoredBackup } from '#domain/operations/backups/backup-directory.ts';
import { type Finding, fail, note, ok } from './finding.ts';
import { findPassingDisk } from './mounts.ts';

/** The time limit for the database in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Checks when backups are taken, whether the newest was verified and is as young as the schedule wants it, and whether BACKUP_DIR is
 * persistent and the one that workers write to.
 */
export async function checkBackups(config: Config): Promise<Finding[]> {
  const backups = await listBackups(config.backupDir);
  const newest = [describeNewest(backups, config), ...describeUnproven(backups)];
  return [...newest, ...(await checkPlace(config)), ...(await checkShared(backups, config))];
}

function describeNewest(backups: readonly StoredBackup[], { backups: schedule }: Config): Finding {
  const { cron, timeZone } = schedule;
  const when = cron === null ? 'by command only (BACKUP_CRON is off)' : `at ${cron}, ${timeZone}`;
  const now = new Date();
  const proven = backups.find(({ manifest }) => manifest.verification?.held && new Date(manifest.createdAt) <= now);
  if (!proven) return note(`Taken ${when}; none was proven to restore yet. ${TAKE_ONE}`);
  const { createdAt } = proven.manifest;
  const words = `Taken ${when}; the newest that was proven to restore is of ${createdAt}`;
  if (!isOverdue(new Date(createdAt), schedule, now)) return ok(`${words}.`);
  return fail(
    `${words}, older than that schedule allows. See that a worker runs, and the last job BACK_UP. ${TAKE_ONE}`,
  );
}

const TAKE_ONE = '`npx parley backup create` takes one.';

/** The newest backup is what a restore would begin with, whatever is known of older ones. */
function describeUnproven([newest]: readonly StoredBackup[]): Finding[] {
  if (!newest || newest.manifest.verification?.held) return [];
  const { name, manifest } = newest;
  if (!manifest.verification)
    return [note(`The newest, ${name}, was never verified; \`npx parley backup verify ${name}\` does so.`)];
  return [fail(`The newest, ${name}, does not restore (${manifest.verification.problem}). ${TAKE_ONE}`)];
}

async function checkPlace({ backupDir, production }: Config): Promise<Finding[]> {
  const passing = await findPassingDisk(backupDir);
  if (!passing) return [];
  const words = `BACKUP_DIR ${backupDir} is ${passing}, with all backups and with who was erased. Give it a volume that lasts, and that all processes share.`;
  return [production ? fail(words) : note(words)];
}

/** The database lists what the last worker found in its directory. If the database is down, another check reports it. */
async function checkShared(backups: readonly StoredBackup[], config: Config): Promise<Finding[]> {
  if (!config.databaseUrl) return [];
  const listed = await readListed(config.databaseUrl).catch(() => []);
  const names = new Set(backups.map(({ name }) => name));
  const missing = listed.filter((name) => !names.has(name));
  if (missing.length === 0) return [];
  return [
    fail(
      `${missing.length} backups that workers took are not in BACKUP_DIR ${config.backupDir}, as ${missing[0]}: all processes need the same directory.`,
    ),
  ];
}

async function readListed(databaseUrl: string): Promise<string[]> {
  const connection = { connectionString: withSessionOptions(databaseUrl, REQUEST_OPTIONS) };
  const pool = openPingPool(connection, ANSWER_TIMEOUT_MS);
  try {
    const { rows } = await pool.query<{ name: string }>('SELECT name FROM backups ORDER BY created_at DESC');
    return rows.map(({ name }) => name);
  } finally {
    await pool.end();
  }
}
