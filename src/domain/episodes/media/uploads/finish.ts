import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { QueueFull } from '#domain/core/errors.ts';
import { ENDED } from '#domain/core/job-states.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { type Write, write } from '#domain/core/write.ts';
import { PROCESSING_DEFAULTS } from '#domain/episodes/episodes.ts';
import type { Episode, MediaFile } from '#generated/prisma/client.ts';

/**
 * Records that all bytes of a recording are in the store, and enqueues the job that checks it. Nothing but that: what may refuse
 * it runs in the job, as the client that asks again hears only that all bytes are there. Where the queue is full the episode waits
 * for `settleUploads`. May be done twice, by several processes at once.
 */
export async function finishUpload(deps: Deps, file: MediaFile): Promise<void> {
  await deps.files.finish(file.storageKey, Number(file.sizeBytes));
  try {
    await recordUpload(deps, file, { andEnqueue: true });
  } catch (error) {
    if (!(error instanceof QueueFull)) throw error;
    await recordUpload(deps, file, { andEnqueue: false });
  }
}

async function recordUpload(deps: Deps, { id, episodeId }: MediaFile, { andEnqueue }: { andEnqueue: boolean }) {
  await write(deps, {
    action: 'episode.upload',
    async run({ tx, about, publish, changed, enqueue }) {
      await lockRow(tx, 'episodes', episodeId);
      const where = { id, state: 'UPLOADING' } as const;
      const { count } = await tx.mediaFile.updateMany({ where, data: { state: 'STORED', expiresAt: null } });
      if (count === 0) return;
      const episode = await tx.episode.findUniqueOrThrow({ where: { id: episodeId } });
      await tx.episode.update({
        where: { id: episodeId },
        data: {
          receivedBytes: episode.sizeBytes,
          uploadedAt: deps.now(),
          ...(episode.status === 'UPLOADING' ? { status: 'UPLOADED' } : {}),
        },
      });
      about({ type: 'Episode', id: episodeId }, { bytes: Number(episode.sizeBytes) });
      publish(episodeChannel(episodeId));
      changed({ ownerId: episode.ownerId, type: 'EPISODE', id: episodeId });
      if (andEnqueue) await enqueueProcessing({ tx, enqueue }, episode);
    },
  });
}

/**
 * Enqueues the job that an episode gets by itself, unless it is archived, or a job is at work on it already, as on a transcript that
 * came before the recording. Lock the episode before. Returns its id. Throws QueueFull.
 */
export async function enqueueProcessing(
  { tx, enqueue }: Pick<Write, 'tx' | 'enqueue'>,
  { id: episodeId, archivedAt }: Episode,
): Promise<string | null> {
  const where = { subjectId: episodeId, status: { notIn: [...ENDED] } };
  if (archivedAt || (await tx.job.count({ where })) > 0) return null;
  const payload = { ...PROCESSING_DEFAULTS, episodeId, automatic: true };
  return (await enqueue({ kind: 'PROCESS_EPISODE', subject: { type: 'Episode', id: episodeId }, payload })).id;
}
