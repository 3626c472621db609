import { v7 as uuidv7 } from 'uuid';
import { MAX_CONTENT } from '#domain/conversations/messages.ts';
import type { Services } from '#domain/core/deps.ts';
import { ENDED } from '#domain/core/job-states.ts';
import { runTransaction, type TransactionChange, type Tx } from '#domain/core/transaction.ts';
import { changeJob } from '#domain/jobs/changes.ts';
import { applyLedger } from '#domain/operations/erasure/erase-user.ts';
import { holdDeliveries } from '#domain/webhooks/held-deliveries.ts';
import type { Job } from '#generated/prisma/client.ts';
import { storeBackupRows } from './backup-rows.ts';
import { findMissingFiles, type MissingFile } from './missing-files.ts';

/** The result of preparing a restored database; `missingFiles` is null if the store could not be listed. */
export type Preparation = {
  erasedUsers: number;
  heldJobs: number;
  heldDeliveries: number;
  queuedJobs: number;
  missingFiles: MissingFile[] | null;
};

/** Generous, because nobody else uses the database yet, and all jobs are changed at once. */
const LIMITS = { timeoutMs: 600_000, lockWaitMs: 10_000 };

/**
 * Prepares a restored database for use: erases users who were erased since the backup; sets a new epoch, so that reused numbers are not
 * taken for those that clients know; and requeues jobs, except that jobs which act outside, and deliveries to webhooks, wait for an
 * operator. Finds which files its rows name that the store does not have.
 */
export async function prepareRestored(services: Services): Promise<Preparation> {
  const erasedUsers = await applyLedger(services);
  const counts = await runTransaction(services, LIMITS, async (change) => {
    await change.tx.serverSetting.deleteMany({ where: { name: 'epoch' } });
    // A dump holds no sequences, and a reused number would be in the chain twice.
    await change.tx.$executeRaw`SELECT setval('audit_entries_position_seq', greatest(1,
      (SELECT max(position) FROM audit_entries), (SELECT position FROM audit_chain)))`;
    await moveActiveReplies(change.tx);
    await storeBackupRows(change.tx, services.backups.directory);
    return { ...(await requeueJobs(services, change)), heldDeliveries: await holdDeliveries(change.tx) };
  });
  return { erasedUsers, ...counts, missingFiles: await lookForFiles(services) };
}

/** A restore does not fail for a store that is away: its rows are as good as before. */
async function lookForFiles(services: Services): Promise<MissingFile[] | null> {
  try {
    return await findMissingFiles(services);
  } catch (error) {
    services.log.warn({ err: error }, 'the store of files could not be listed');
    return null;
  }
}

/** UTF-16 units: more than can have been streamed of a reply since the backup, in five attempts. */
const BEYOND_STREAMED = 5 * (MAX_CONTENT + 1);

/**
 * Moves the text of replies that are being written beyond every offset at which somebody may have read them since the backup: whoever goes
 * on from there is told that the reply was restarted.
 */
async function moveActiveReplies(tx: Tx): Promise<void> {
  await tx.message.updateMany({ where: { status: 'STREAMING' }, data: { textOffset: { increment: BEYOND_STREAMED } } });
}

async function requeueJobs(
  services: Services,
  transaction: TransactionChange,
): Promise<Pick<Preparation, 'heldJobs' | 'queuedJobs'>> {
  const { tx } = transaction;
  const counts = { heldJobs: 0, queuedJobs: 0 };
  const open = await tx.job.findMany({ where: { status: { notIn: [...ENDED] } }, orderBy: { id: 'asc' } });
  for (const job of open) {
    if (job.kind === 'BACK_UP') {
      // The job that took this backup, or one that waited for it; the schedule enqueues the next.
      const change = { ...transaction, now: services.now() };
      await changeJob(change, job, { status: 'CANCELLED', finishedAt: change.now, fence: { increment: 1 } });
      continue;
    }
    const { lane, actsOutside } = services.jobKinds[job.kind];
    // A job that is being cancelled does nothing but end.
    const isHeld = actsOutside && job.status !== 'CANCELLING';
    const engineJobId = isHeld
      ? uuidv7()
      : await services.queue.add(tx, {
          lane,
          jobId: job.id,
          priority: job.priority,
          turn: job.turn,
          owner: job.requestedById,
        });
    await tx.job.update({
      where: { id: job.id },
      data: { engineJobId, heldAt: isHeld ? (job.heldAt ?? services.now()) : null, ...asWaiting(job) },
    });
    counts[isHeld ? 'heldJobs' : 'queuedJobs'] += 1;
  }
  return counts;
}

/** The attempt that was in flight when the backup was taken does not count. A sleeping job keeps sleeping, or wakes early. */
function asWaiting({ status, attempt, sleepsUntil }: Job) {
  const fence = { increment: 1 };
  return status === 'RUNNING' && !sleepsUntil
    ? { status: 'QUEUED' as const, attempt: Math.max(0, attempt - 1), fence }
    : { fence };
}
