import { episodeChannel } from '#domain/core/channels.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { JobChange, JobFailure, JobHooks } from '#domain/core/job-hooks.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { errorColumns } from '#domain/jobs/changes.ts';
import { episodeProcessed } from '#domain/webhooks/events.ts';
import { type Episode, type Job, Prisma } from '#generated/prisma/client.ts';
import type { MediaFileKind } from '#generated/prisma/enums.ts';

/** What a job fails with where what was heard helps no other attempt. */
const OF_THE_RECORDING: readonly JobFailure['code'][] = ['UNSUPPORTED_MEDIA', 'CONFLICT'];

/** Make an episode's status follow the job that processes it; READY is for the job's own last write to say. */
export const episodeJobHooks: JobHooks = {
  /** Locks the episode, so that it is not archived meanwhile. Throws Conflict where it is deleted or archived. */
  async onRetry(change, job) {
    if (!(await lockSubject(change, job)))
      throw new Conflict('The episode of this job is deleted or archived.', { jobId: job.id });
  },
  /** Makes the episode PROCESSING at the start of every attempt. */
  async onStart(change, job) {
    await updateEpisode(change, job, () => ({ status: 'PROCESSING', ...errorColumns(null) }));
  },
  /**
   * Makes the episode FAILED, with the job's error. What was heard stays for a day, as somebody may be paid for it, unless the recording is
   * why the job failed. A recording that its check has refused is not kept; one that was good before is, as this may be the server's fault.
   */
  async onFailed(change, job, failure) {
    const failed = await updateEpisode(change, job, () => ({ status: 'FAILED', ...errorColumns(failure) }));
    if (failed) change.emit(episodeProcessed(failed));
    await deleteFiles(change, job, 'AUDIO');
    if (OF_THE_RECORDING.includes(failure.code)) await forgetHeard(change, job);
    if (failure.code === 'UNSUPPORTED_MEDIA') await deleteUnchecked(change, job);
  },
  /** Makes the episode what it was: the clips that an earlier job found are still there. */
  async onCancelled(change, job) {
    await updateEpisode(change, job, ({ processedAt }) => ({
      status: processedAt ? 'READY' : 'UPLOADED',
      ...errorColumns(null),
    }));
    await deleteFiles(change, job, 'AUDIO');
    await forgetHeard(change, job);
  },
};

/** Changes the job's episode, wakes its readers after the commit, and returns it; null where it is deleted or archived. */
async function updateEpisode(
  change: JobChange,
  job: Job,
  state: (episode: Episode) => Prisma.EpisodeUpdateInput,
): Promise<Episode | null> {
  const episode = await lockSubject(change, job);
  if (!episode) return null;
  const updated = await change.tx.episode.update({ where: { id: episode.id }, data: state(episode) });
  change.publish(episodeChannel(episode.id));
  change.changed({ ...episode, type: 'EPISODE' });
  return updated;
}

/** Deletes what was heard in parts of the recording of the job's episode. */
async function forgetHeard({ tx }: JobChange, { subjectId }: Job): Promise<void> {
  if (subjectId) await tx.heardPiece.deleteMany({ where: { file: { episodeId: subjectId } } });
}

/** Deletes the rows of files of the job's episode; what of them is in the store goes after the commit. */
async function deleteFiles({ tx }: JobChange, { subjectId }: Job, kind: MediaFileKind): Promise<void> {
  if (subjectId) await tx.mediaFile.deleteMany({ where: { episodeId: subjectId, kind } });
}

/** Deletes the row of the recording of the job's episode, unless it was checked. */
async function deleteUnchecked({ tx }: JobChange, { subjectId }: Job): Promise<void> {
  const where = { kind: 'ORIGINAL', details: { equals: Prisma.DbNull } } as const;
  if (subjectId) await tx.mediaFile.deleteMany({ where: { ...where, episodeId: subjectId } });
}

/**
 * Locks the job's episode as `startProcessing` does, until the commit. Returns null where it is deleted or archived.
 */
async function lockSubject({ tx }: JobChange, { subjectId }: Job): Promise<Episode | null> {
  if (!subjectId) return null;
  await lockRow(tx, 'episodes', subjectId);
  return tx.episode.findFirst({ where: { id: subjectId, archivedAt: null } });
}
