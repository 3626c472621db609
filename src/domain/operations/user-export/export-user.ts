import type { Deps } from '#domain/core/deps.ts';
import { Forbidden } from '#domain/core/errors.ts';
import { assertRoom, newFileName } from '#domain/episodes/media/files/files.ts';
import { openScratch } from '#domain/episodes/media/files/open-scratch.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import { exportExpiry, exportUrl } from './served-exports.ts';
import { writeArchive } from './write-archive.ts';

/** Bytes of the disk that have to be free when an export begins: its size is not known before. */
const ROOM_BYTES = 256_000_000;

/**
 * Runs an EXPORT_USER_DATA job: writes the archive, and gives it a row, which replaces earlier exports of the same user for the same
 * requester. May run twice with one effect. Throws Forbidden if the requester may not have it any more, AttemptEnded, Unavailable,
 * StoreFull, and the signal's reason.
 */
export async function runUserExport(deps: Deps, { userId }: { userId: string }, job: RunningJob): Promise<void> {
  const { actor, files } = deps;
  if (userId !== actor.userId && actor.role !== 'ADMIN')
    throw new Forbidden('Only an ADMIN exports what is stored about others.');
  await assertRoom(deps, ROOM_BYTES);
  const scratch = await openScratch(deps, job);
  try {
    const path = scratch.path('export.zip');
    const rows = await writeArchive(deps, userId, path, {
      signal: job.signal,
      onProgress: (table, fraction) => job.reportProgress({ fraction, stage: table }),
    });
    const { storageKey } = newFileName();
    const { sizeBytes } = await files.put(path, storageKey, job.signal);
    const expiresAt = exportExpiry(deps.now());
    try {
      await job.finish(async ({ tx }) => {
        if ((await tx.user.count({ where: { id: userId } })) === 0) throw new AttemptEnded('targetGone');
        const whose = { userId, requestedById: actor.userId };
        await tx.userExport.deleteMany({ where: whose });
        await tx.userExport.create({
          data: { id: job.id, ...whose, storageKey, sizeBytes: BigInt(sizeBytes), createdAt: deps.now(), expiresAt },
        });
        return { url: exportUrl(deps, job.id), sizeBytes, expiresAt: expiresAt.toISOString(), rows };
      });
    } catch (error) {
      await files.remove(storageKey).catch(() => {}); // the clean-up comes for it
      throw error;
    }
  } finally {
    await scratch.remove();
  }
}
