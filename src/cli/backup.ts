import { openSession, withClient } from '#adapters/database/dump/sessions.ts';
import type { Config } from '#config/config.ts';
import { backUpNow, recordVerification } from '#domain/operations/backups/back-up.ts';
import { listBackups, listUnreadable, type StoredBackup } from '#domain/operations/backups/backup-directory.ts';
import type { MissingFile } from '#domain/operations/backups/missing-files.ts';
import { type Preparation, prepareRestored } from '#domain/operations/backups/prepare-restored.ts';
import { restoreBackup } from '#domain/operations/backups/restore-backup.ts';
import { describeTarget } from '#domain/operations/backups/restore-target.ts';
import { reverifyBackup } from '#domain/operations/backups/verify-backup.ts';
import { completeLedger } from '#domain/operations/erasure/complete-ledger.ts';
import { hasLedger } from '#domain/operations/erasure/erasure-ledger.ts';
import { type Command, print, Refused, textOption, WrongUsage } from './command.ts';
import { confirmName } from './confirm-name.ts';
import { explainError } from './explain-error.ts';
import { readSettings, withServices } from './open-services.ts';

export const command: Command = {
  usage: `Usage:
  npx parley backup create [--no-verify]  takes a backup into BACKUP_DIR and proves that it restores
  npx parley backup list                  lists the backups in BACKUP_DIR, the newest first
  npx parley backup verify NAME           restores one into a database that is thrown away, and compares
  npx parley backup restore NAME [--database NAME]
                                          puts one in the place of the database at DATABASE_URL, else of that in DATA_DIR

Before \`restore\`, stop every server and worker. It shows which database it is, and where that has rows asks for its name
(or takes it from --database, where there is no terminal). The database that was there is kept under another name.`,
  options: { 'no-verify': { type: 'boolean' }, database: { type: 'string' } },
  async run([action, name, ...rest], options) {
    if (rest.length > 0) throw new WrongUsage();
    if (action === 'create' && name === undefined) return create(readSettings(), options['no-verify'] !== true);
    if (action === 'list' && name === undefined) return list(readSettings());
    if (action === 'verify' && name !== undefined) return verify(readSettings(), name);
    if (action === 'restore' && name !== undefined)
      return restore(readSettings(), name, textOption(options, 'database'));
    throw new WrongUsage();
  },
};

async function create(config: Config, verify: boolean): Promise<number> {
  const backup = await withServices(config, (deps) => backUpNow(deps, { verify }));
  print(describe(backup));
  return 0;
}

async function list({ backupDir: directory }: Config): Promise<number> {
  const [backups, unreadable] = [await listBackups(directory), await listUnreadable(directory)];
  for (const backup of backups) print(describe(backup));
  for (const { name, problem } of unreadable) print(`${name}\tIt ${problem}.`);
  if (backups.length + unreadable.length === 0) print(`There are no backups in ${directory}.`);
  return 0;
}

function describe({ name, manifest: { data, tables, verification } }: StoredBackup): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  const proof = verification
    ? `${verification.held ? 'restored and compared' : 'DOES NOT RESTORE'} ${verification.at}${verification.problem ? ` (${verification.problem})` : ''}`
    : 'never restored';
  return [name, `${rows} rows`, `${data.sizeBytes} bytes`, proof].join('\t');
}

async function find({ backupDir: directory }: Config, name: string): Promise<StoredBackup> {
  const backup = (await listBackups(directory)).find((one) => one.name === name);
  if (backup) return backup;
  const unreadable = (await listUnreadable(directory)).find((one) => one.name === name);
  if (unreadable) throw new Refused(`The backup ${name} ${unreadable.problem}.`);
  throw new Refused(`There is no backup ${name} in ${directory}; \`npx parley backup list\` shows them.`);
}

const placeOf = ({ databaseUrl, dataDir }: Config) => ({ databaseUrl, dataDir });

async function verify(config: Config, name: string): Promise<number> {
  const backup = await find(config, name);
  const verification = await reverifyBackup(placeOf(config), backup);
  const { held, problem } = verification;
  await withServices(config, (deps) => recordVerification(deps, backup, verification)).catch((error: unknown) =>
    print(`Health and the API do not learn of it: ${explainError(error)}`),
  );
  print(held ? `${name} restores: all rows are there.` : `${name} does not restore. ${problem}`);
  return held ? 0 : 1;
}

async function restore(config: Config, name: string, given: string | undefined): Promise<number> {
  const backup = await find(config, name);
  const target = await describeTarget(placeOf(config));
  print(`The backup is of ${backup.manifest.createdAt}.`);
  print(`The database to be replaced: ${target.name} (${target.host}), ${target.rows ?? 'no'} rows.`);
  if (target.connections > 0)
    throw new Refused(
      `Nothing was changed: ${target.connections} connections to it are open. Stop all servers and workers first.`,
    );
  if (target.rows) await confirmName(target.name, given, 'database');
  else if (given !== undefined && given !== target.name)
    throw new Refused(`Nothing was changed: the database is ${target.name}, not ${given}.`);
  await readErasures(config, target.rows !== null);
  const { prepared, kept } = await restoreBackup(placeOf(config), backup, {
    now: new Date(),
    prepare: (place) => withServices({ ...config, ...place }, prepareRestored, { filesDir: config.dataDir }),
  });
  print(`Restored ${name}. Jobs in the queue: ${prepared.queuedJobs}. Users erased again: ${prepared.erasedUsers}.`);
  if (prepared.heldJobs > 0)
    print(`${prepared.heldJobs} jobs that act outside are held; \`npx parley jobs release\` lets them run.`);
  if (prepared.heldDeliveries > 0)
    print(`${prepared.heldDeliveries} deliveries to webhooks are held; \`npx parley jobs release\` sends them.`);
  if (kept) print(`What was there before is kept as ${kept}; remove it when all is well.`);
  printFiles(backup, prepared);
  return 0;
}

/** How many missing files are listed by name. */
const LISTED_FILES = 20;

function printFiles({ manifest: { media } }: StoredBackup, { missingFiles }: Preparation): void {
  if (!missingFiles)
    print(`The store could not be listed: look whether the ${media.length} media files of its rows are there.`);
  else if (missingFiles.length > 0) printMissing(missingFiles);
  else if (media.length > 0) print('All files that its rows name are in the store.');
}

function printMissing(missing: readonly MissingFile[]): void {
  print(
    `Files that its rows name and the store lacks: ${missing.length}. They were deleted since the backup, or are lost.`,
  );
  print(
    'Put them back from a copy. Recordings for which there is none cannot be played, processed or rendered any more.',
  );
  for (const { key, kind, owner, recording } of missing.slice(0, LISTED_FILES))
    print([key, kind, owner, recording ?? ''].join('\t').trimEnd());
  if (missing.length > LISTED_FILES) print(`and ${missing.length - LISTED_FILES} more.`);
}

/** The users that were erased since the backup are known from the ledger, and from the audit log of the database that is replaced. */
async function readErasures(config: Config, isThere: boolean): Promise<void> {
  const settings = { directory: config.backupDir };
  if (isThere) {
    const session = await openSession(placeOf(config));
    await withClient(session, (client) => completeLedger(client, settings, new Date()))
      .catch((error: Error) =>
        print(`Who was erased cannot be read from the database to be replaced: ${error.message}`),
      )
      .finally(() => session.close());
  }
  if (await hasLedger(settings)) return;
  print(`There is no erased-users.jsonl in ${config.backupDir}: users who were erased since the backup will be back.`);
  print('Where there were any, put the file there and start: every start erases again whoever is in it.');
}
