import { randomUUID } from 'node:crypto';
import { isDiskFull } from '#adapters/database/outages.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Unavailable } from '#domain/core/errors.ts';
import type { JobHooks } from '#domain/core/job-hooks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { write } from '#domain/core/write.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { jobOf } from '#domain/operations/alerts/alert.ts';
import { noteFailure, noteSuccess } from '#domain/operations/schedule.ts';
import { BackupBroken, BackupOfOtherVersion } from './backup-broken.ts';
import { rotateBackups, type StoredBackup } from './backup-directory.ts';
import { storeBackupRows } from './backup-rows.ts';
import type { Manifest } from './manifest.ts';
import { takeBackup } from './take-backup.ts';

/** The name of the backup schedule, which health checks refer to. */
export const BACKUP_SCHEDULE = 'backups';

/** A backup that failed for good shows in health until another one succeeds; each failure also sends an alert. */
export const backUpHooks: JobHooks = {
  async onFailed({ tx, now, enqueue }, { id }, { code, message }) {
    await noteFailure(tx, BACKUP_SCHEDULE, now);
    const data = { jobId: id, code, message };
    await enqueue(jobOf({ type: 'backup.failed', timestamp: now.toISOString(), data }));
  },
};

/** Runs a BACK_UP job: takes a backup, then deletes the oldest ones beyond those to keep. */
export async function backUp(deps: Deps, { verify }: { verify: boolean }, job: RunningJob): Promise<void> {
  const { signal } = job;
  const onProgress = (fraction: number, stage: string) => job.reportProgress({ fraction, stage });
  const backup = await take(deps, { verify, signal, onProgress });
  await job.finish(async ({ tx, now }) => {
    await record(tx, deps, backup, now);
    const { name, manifest } = backup;
    return { name, sizeBytes: manifest.data.sizeBytes, verified: manifest.verification?.held ?? null };
  });
}

/** The same for an operator, without a job. Throws Unavailable. */
export async function backUpNow(deps: Deps, { verify }: { verify: boolean }): Promise<StoredBackup> {
  const { signal } = new AbortController();
  const backup = await take(deps, { verify, signal, onProgress: () => {} });
  await write(deps, {
    action: 'backup.create',
    async run({ tx, about }) {
      await record(tx, deps, backup, deps.now());
      about({ type: 'Backup', id: backup.manifest.id }, { verify });
    },
  });
  return backup;
}

/**
 * Records the result of verifying a backup again in the database, so that the API and health show it. The rows of other backups are left
 * alone, because this machine's directory may be a different one. For the operator.
 */
export async function recordVerification(
  deps: Deps,
  { manifest: { id } }: StoredBackup,
  { held, at }: NonNullable<Manifest['verification']>,
): Promise<void> {
  await write(deps, {
    action: 'backup.verify',
    async run({ tx, about }) {
      await tx.backup.updateMany({ where: { id }, data: { verified: held, verifiedAt: new Date(at) } });
      about({ type: 'Backup', id }, { held });
    },
  });
}

type Taking = { verify: boolean; signal: AbortSignal; onProgress(fraction: number, stage: string): void };

async function take({ database, backups, now, log }: Deps, taking: Taking): Promise<StoredBackup> {
  const { directory, keep, place } = backups;
  try {
    const backup = await takeBackup({ database, place, directory }, { ...taking, id: randomUUID(), now });
    await rotateBackups(directory, keep, backup.name).catch((error: unknown) =>
      log.warn({ err: error }, 'old backups are left'),
    );
    log.info({ backup: backup.name }, 'a backup was taken');
    return backup;
  } catch (error) {
    taking.signal.throwIfAborted();
    throw explain(error, directory);
  }
}

async function record(tx: Tx, { backups }: Deps, { manifest }: StoredBackup, now: Date): Promise<void> {
  await storeBackupRows(tx, backups.directory);
  if (manifest.verification?.held) await noteSuccess(tx, BACKUP_SCHEDULE, now);
}

function explain(error: unknown, directory: string): unknown {
  if (error instanceof BackupBroken || error instanceof BackupOfOtherVersion) return new Unavailable(error.message);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new Unavailable(`The disk of BACKUP_DIR is full (${directory}); make room on it.`);
  if (isDiskFull(error))
    return new Unavailable(`The disk of the database or of BACKUP_DIR (${directory}) is full; make room on it.`);
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR')
    return new Unavailable(`BACKUP_DIR cannot be written: ${message}`);
  return error;
}
