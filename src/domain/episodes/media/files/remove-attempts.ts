import type { Services } from '#domain/core/deps.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import { findOrphans } from './find-orphans.ts';

/** What belongs to no job, as parts of uploads, is left alone for so long. Hours. */
const LONGEST_REQUEST_HOURS = 24;

/**
 * Removes what processes that died have left on this machine's disk: directories of attempts whose jobs are over, and what else is older
 * than a day. Each process does it for its own disk, which it may share with others. Returns how many directories have gone.
 */
export async function removeAttempts(services: Pick<Services, 'files' | 'database' | 'now'>): Promise<number> {
  const { files, database, now } = services;
  const old = now().getTime() - LONGEST_REQUEST_HOURS * 3_600_000;
  let removed = 0;
  for await (const { attempt, modifiedAt } of files.listScratch()) {
    const [jobId = ''] = attempt.split('.');
    const job = UUID.test(jobId) ? await database.prisma.job.findUnique({ where: { id: jobId } }) : null;
    const isOver = job ? hasEnded(job.status) : modifiedAt.getTime() < old;
    if (!isOver) continue;
    await removeAttempt(services, attempt);
    removed += 1;
  }
  return removed;
}

/**
 * Removes what an attempt that writes no rows any more has left: its directory on this disk, and the files that it had put into the store
 * when it died, before they had rows.
 */
export async function removeAttempt(services: Pick<Services, 'files' | 'database'>, attempt: string): Promise<void> {
  const { files } = services;
  for (const key of await findOrphans(services, await files.listPut(attempt))) await files.remove(key);
  await files.removeScratch(attempt);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
