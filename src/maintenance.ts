import type { Config } from './config/config.ts';
import type { Services } from './domain/core/deps.ts';
import { removeAttempts } from './domain/episodes/media/files/remove-attempts.ts';
import { removeFiles } from './domain/episodes/media/files/removed.ts';
import { scheduleFilesCleanUp } from './domain/episodes/media/schedule-clean-up.ts';
import { settleUploads } from './domain/episodes/media/uploads/settle.ts';
import { startSafetyNet } from './domain/live/safety-net.ts';
import { enqueueEmbeddingBacklog } from './domain/memories/embedding-backlog.ts';
import { cleanUp } from './domain/operations/clean-up.ts';
import { completeLedger } from './domain/operations/erasure/complete-ledger.ts';
import { stopLeftWork } from './domain/operations/suspension/stop-work.ts';

const MAINTENANCE_MS = 3_600_000;

/** Begins at once, for processes that do not live for an hour. Returns how to stop it. */
export function startMaintenance(
  services: Services,
  { jobsKeepDays, auditKeepDays, changesKeepDays, metricsRetentionHours, cleanUpIntervalHours, webhooks }: Config,
): () => Promise<void> {
  const stopping = new AbortController();
  const keepDays = {
    jobs: jobsKeepDays,
    auditEntries: auditKeepDays,
    changes: changesKeepDays,
    metrics: metricsRetentionHours / 24,
    webhookDeliveries: webhooks.keepDays,
  };
  const cleanAll = async () => {
    await cleanUp(services, keepDays, stopping.signal);
    await settleUploads(services);
    await removeFiles(services);
    await removeAttempts(services);
    await scheduleFilesCleanUp(services, cleanUpIntervalHours);
  };
  const tryAgain = (error: unknown) => services.log.warn({ err: error }, 'maintenance is tried again in an hour');
  const clean = async () => {
    await stopLeftWork(services).catch(tryAgain);
    await cleanAll().catch(tryAgain);
  };
  let cleaning = clean().then(() => keepLedger(services));
  const stopNet = startSafetyNet(services);
  const maintenance = setInterval(() => {
    cleaning = cleaning.then(clean);
    enqueueEmbeddingBacklog(services).catch((error: unknown) => services.log.warn({ err: error }, 'maintenance'));
  }, MAINTENANCE_MS).unref();
  return async () => {
    stopping.abort();
    stopNet();
    clearInterval(maintenance);
    await cleaning;
  };
}

/** Its file may have gone with a volume: whoever was erased stays so, whatever is restored. */
async function keepLedger({ database: { pool }, backups, now, log }: Services): Promise<void> {
  try {
    const users = await completeLedger(pool, backups, now());
    if (users > 0)
      log.warn({ users }, 'erased-users.jsonl in BACKUP_DIR lacked users; all processes need the same one');
  } catch (error) {
    log.warn({ err: error }, 'erased-users.jsonl in BACKUP_DIR is compared with the audit at the next start');
  }
}
