import { episodeChannel } from '#domain/core/channels.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { JobChange, JobHooks } from '#domain/core/job-hooks.ts';
import type { Episode, Job, Prisma } from '#generated/prisma/client.ts';

/** An episode's status follows the job that processes it. READY is for the job's own last write to say. */
export const episodeJobHooks: JobHooks = {
  async onRetry(change, job) {
    if (!(await lockSubject(change, job)))
      throw new Conflict('The episode of this job is deleted or archived.', { jobId: job.id });
  },
  onStart: (change, job) => updateEpisode(change, job, () => ({ status: 'PROCESSING', error: null })),
  onFailed: (change, job, { message }) => updateEpisode(change, job, () => ({ status: 'FAILED', error: message })),
  /** Back to what it was: the clips that an earlier job found are still there. */
  onCancelled: (change, job) =>
    updateEpisode(change, job, ({ processedAt }) => ({ status: processedAt ? 'READY' : 'UPLOADED', error: null })),
};

async function updateEpisode(
  change: JobChange,
  job: Job,
  state: (episode: Episode) => Prisma.EpisodeUpdateInput,
): Promise<void> {
  const episode = await lockSubject(change, job);
  if (!episode) return;
  await change.tx.episode.update({ where: { id: episode.id }, data: state(episode) });
  change.publish(episodeChannel(episode.id));
}

/** As `processEpisode` locks it: no other job of the episode's begins or ends meanwhile. Null for one deleted or archived. */
async function lockSubject({ tx }: JobChange, { subjectId }: Job): Promise<Episode | null> {
  if (!subjectId) return null;
  await tx.$queryRaw`SELECT id FROM episodes WHERE id = ${subjectId}::uuid FOR NO KEY UPDATE`;
  return tx.episode.findFirst({ where: { id: subjectId, status: { not: 'ARCHIVED' } } });
}
