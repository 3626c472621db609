import { isAdmin } from '#domain/core/actor.ts';
import { cronDueAt } from '#domain/core/cron.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { Forbidden } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { followSchedule } from '#domain/operations/schedule.ts';
import type { Backup, Job } from '#generated/prisma/client.ts';
import { BACKUP_SCHEDULE } from './back-up.ts';

/**
 * Enqueues a BACK_UP job. Safe to repeat with the same idempotency key. For ADMINs; the caller has to check that. Throws
 * IdempotencyConflict.
 */
export function requestBackup(
  deps: Deps,
  { verify, idempotencyKey }: WithIdempotencyKey & { verify: boolean },
): Promise<Job> {
  return writeAndLoad(deps, {
    action: 'backup.create',
    once: { key: idempotencyKey, input: { verify } },
    async run({ about, enqueue }) {
      const { id } = await enqueue({ kind: 'BACK_UP', payload: { verify } });
      about({ type: 'Job', id }, { verify });
      return id;
    },
    what: 'job',
    load: (id, tx) => tx.job.findUnique({ where: { id } }),
  });
}

/** Enqueues a backup with verification at each time of BACKUP_CRON. Returns a function that stops it. */
export function followBackupSchedule(services: Services): () => Promise<void> {
  const { cron, timeZone } = services.backups;
  if (cron === null) return async () => {};
  const job = { kind: 'BACK_UP', payload: { verify: true } } as const;
  return followSchedule(services, {
    name: BACKUP_SCHEDULE,
    dueAt: (moment) => cronDueAt({ cron, timeZone }, moment),
    job,
  });
}

/** The maximum length of the list: more than a year of daily backups. */
const MAX_BACKUPS_LISTED = 500;

/** Returns the backups, newest first. Throws Forbidden for everybody but ADMINs. */
export function listBackupRows({ database, actor }: Deps): Promise<Backup[]> {
  if (!isAdmin(actor)) throw new Forbidden('Backups are for ADMINs.');
  return database.prisma.backup.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MAX_BACKUPS_LISTED,
  });
}
