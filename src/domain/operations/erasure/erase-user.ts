import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import { API_KEYS_CHANNEL, ERASURES_CHANNEL } from '#domain/core/channels.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { AWAITED, runTransaction, type Tx } from '#domain/core/transaction.ts';
import { removeFiles } from '#domain/episodes/media/files/removed.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { stopWork } from '#domain/operations/suspension/stop-work.ts';
import { eraseRows, type RowCounts } from './erase-rows.ts';
import { readLedger, recordErasure } from './erasure-ledger.ts';

/** Runs an ERASE_USER job. Its result is a receipt: how many rows were deleted, by table. */
export async function runErasure(deps: Deps, { userId }: { userId: string }, job: RunningJob): Promise<void> {
  const counts = await eraseUserNow(deps, userId, job.signal);
  await job.finish(async () => ({ erased: counts }));
}

/**
 * Erases a user: first records them in the ledger, so that they are erased from any backup that is restored later. Then stops their work,
 * also calls that were answered, and deletes their keys, all their rows and files, and what other users' audit entries say about them. Safe
 * to repeat, also after a crash. Returns how many rows were deleted.
 */
export async function eraseUserNow(services: Services, userId: string, signal?: AbortSignal): Promise<RowCounts> {
  await recordErasure(services.backups, userId, services.now());
  await lockOut(services, userId);
  const counts = await eraseRows(services, userId, signal);
  const { auditEntries, users } = await runTransaction(services, AWAITED, async ({ tx, publish }) => {
    publish(ERASURES_CHANNEL);
    return {
      auditEntries: await anonymizeAudit(tx, userId),
      users: await tx.$executeRaw`DELETE FROM users WHERE id = ${userId}::uuid`,
      // The words of the rows that were just deleted, which await a clean-up and reference nobody.
      words: await tx.$executeRaw`DELETE FROM search_stale_words WHERE owner_id = ${userId}::uuid`,
    };
  });
  await forgetResponses(services, userId);
  await removeFiles(services);
  return { ...counts, ...(users ? { users } : {}), ...(auditEntries ? { anonymizedAuditEntries: auditEntries } : {}) };
}

/** If Redis is away, cached answers expire by themselves within two hours; nobody can ask for them any more. */
async function forgetResponses({ sharedResponses, log }: Services, userId: string): Promise<void> {
  await sharedResponses
    .forget(userId)
    .catch((error: unknown) => log.warn({ err: error }, 'cached responses of an erased user remain until they expire'));
}

/**
 * From here on, the user's keys are rejected, their sockets and downloads are closed, their jobs fail, and nobody talks in a call of theirs
 * any more.
 */
async function lockOut(services: Services, userId: string): Promise<void> {
  const [user] = await runTransaction(services, AWAITED, async ({ tx, publish }) => {
    const now = services.now();
    await tx.apiKey.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: now } });
    publish(API_KEYS_CHANNEL);
    return tx.user.updateManyAndReturn({
      where: { id: userId },
      data: { suspendedAt: now, suspendedReason: 'The user is being erased.' },
      select: { id: true, role: true },
    });
  });
  if (user) await stopWork({ ...services, actor: SYSTEM_ACTOR }, user, 'all calls');
}

/**
 * Keeps the facts: what was done when, by an id that no longer belongs to anybody. Removes what could identify the user: addresses, and the
 * details of what was done by them or about them.
 */
function anonymizeAudit(tx: Tx, userId: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE audit_entries SET ip = NULL, detail = NULL, salt = NULL
    WHERE (actor_id = ${userId}::uuid OR (subject_type = 'User' AND subject_id = ${userId}::uuid))
      AND (ip IS NOT NULL OR detail IS NOT NULL)`;
}

/**
 * Erases all users again who are in both the ledger and the database, because an older backup was restored or an erasure was interrupted.
 * Returns their number. Has to run before the first request is served.
 */
export async function applyLedger(services: Services): Promise<number> {
  const erased = await readLedger(services.backups);
  if (erased.length === 0) return 0;
  const users = await services.database.prisma.user.findMany({ where: { id: { in: erased } }, select: { id: true } });
  for (const { id } of users) await eraseUserNow(services, id);
  if (users.length > 0) services.log.info({ users: users.length }, 'users who had been erased were erased again');
  return users.length;
}
