import { API_KEYS_CHANNEL, ERASURES_CHANNEL } from '#domain/core/channels.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { AWAITED, runTransaction, type Tx } from '#domain/core/transaction.ts';
import { removeFiles } from '#domain/episodes/media/files/removed.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { eraseRows, type RowCounts } from './erase-rows.ts';
import { readLedger, recordErasure } from './erasure-ledger.ts';

/** Runs an ERASE_USER job. Its result is the receipt: how many rows went, by table. */
export async function runErasure(deps: Deps, { userId }: { userId: string }, job: RunningJob): Promise<void> {
  const counts = await eraseUserNow(deps, userId, job.signal);
  await job.finish(async () => ({ erased: counts }));
}

/**
 * Erases a user: first the ledger, so that whatever backup is restored later, they are erased from it, then their keys, all their
 * rows, their files, and what others' entries of the audit say of them. Safe to repeat, and to be killed in. Returns how many rows went.
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
      // Words of what was deleted just now, which wait for a clean-up, and reference nobody.
      words: await tx.$executeRaw`DELETE FROM search_stale_words WHERE owner_id = ${userId}::uuid`,
    };
  });
  await forgetAnswers(services, userId);
  await removeFiles(services);
  return { ...counts, ...(users ? { users } : {}), ...(auditEntries ? { anonymizedAuditEntries: auditEntries } : {}) };
}

/** Where Redis is away they end by themselves, two hours later at most; nobody can ask for them any more. */
async function forgetAnswers({ keptAnswers, log }: Services, userId: string): Promise<void> {
  await keptAnswers.forget(userId).catch((error: unknown) => log.warn({ err: error }, 'kept answers are left to end'));
}

/** From here on nobody comes in with a key of theirs, and their sockets are closed. */
async function lockOut(services: Services, userId: string): Promise<void> {
  await runTransaction(services, AWAITED, async ({ tx, publish }) => {
    await tx.apiKey.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: services.now() } });
    publish(API_KEYS_CHANNEL);
  });
}

/**
 * The facts stay: what was done when, by an id that is nobody's any more. What could tell who that was goes: addresses, and the
 * details of what was done by them or about them.
 */
function anonymizeAudit(tx: Tx, userId: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE audit_entries SET ip = NULL, detail = NULL, salt = NULL
    WHERE (actor_id = ${userId}::uuid OR (subject_type = 'User' AND subject_id = ${userId}::uuid))
      AND (ip IS NOT NULL OR detail IS NOT NULL)`;
}

/**
 * Erases again whoever is in the ledger and in the database: a backup of before was restored, or an erasure was broken off. Returns
 * how many users that were. Run before the first request is answered.
 */
export async function applyLedger(services: Services): Promise<number> {
  const erased = await readLedger(services.backups);
  if (erased.length === 0) return 0;
  const users = await services.database.prisma.user.findMany({ where: { id: { in: erased } }, select: { id: true } });
  for (const { id } of users) await eraseUserNow(services, id);
  if (users.length > 0) services.log.info({ users: users.length }, 'users who had been erased were erased again');
  return users.length;
}
