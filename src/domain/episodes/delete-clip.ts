import type { Deps } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { ENDED, hasEnded } from '#domain/core/job-states.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { write } from '#domain/core/write.ts';
import { lockJob } from '#domain/jobs/changes.ts';
import { cancelLockedJob } from '#domain/jobs/jobs.ts';
import type { Job } from '#generated/prisma/client.ts';
import { findOwnClip } from './edit-clips.ts';
import { assertNotArchived, lockEpisode } from './episodes.ts';
import { removeFiles } from './media/files/removed.ts';

/**
 * Deletes a clip with its files and the feedback on it, and cancels the job that renders it. Safe to repeat with the same idempotency key.
 * Throws NotFound, Conflict (the episode is archived), IdempotencyConflict.
 */
export async function deleteClip(
  deps: Deps,
  { clipId: id, idempotencyKey }: WithIdempotencyKey & { clipId: string },
): Promise<void> {
  const keys: string[] = await write(deps, {
    action: 'clip.delete',
    once: { key: idempotencyKey, input: { clipId: id } },
    async run(change) {
      const { tx, about, changed } = change;
      const found = await findOwnClip(tx, deps, id);
      if (!found) throw new NotFound('clip');
      const job = await lockRenderJob(tx, id);
      const episode = await lockEpisode(tx, deps, found.episodeId);
      assertNotArchived(episode);
      const files = await tx.mediaFile.findMany({ where: { clipId: id }, select: { storageKey: true } });
      await tx.feedback.deleteMany({ where: { clipId: id } });
      const { count } = await tx.clip.deleteMany({ where: { id } });
      if (count === 0) throw new NotFound('clip');
      if (job && !hasEnded(job.status)) await cancelLockedJob(deps, { ...change, now: deps.now() }, job);
      about({ type: 'Clip', id });
      changed({ ...episode, type: 'EPISODE' });
      changed({ ownerId: episode.ownerId, type: 'CLIP', id, deleted: true });
      return files.map(({ storageKey }) => storageKey);
    },
  });
  await removeFiles(deps, keys);
}

/** Locks the job that renders a clip, before its episode; null where there is none. One that is queued meanwhile ends by itself. */
async function lockRenderJob(tx: Tx, subjectId: string): Promise<Job | null> {
  const job = await tx.job.findFirst({
    where: { kind: 'RENDER_CLIP', subjectId, status: { notIn: [...ENDED] } },
    select: { id: true },
  });
  return job && lockJob(tx, job.id);
}
