import { episodeChannel } from '#domain/core/channels.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { JobChange, JobHooks } from '#domain/core/job-hooks.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Clip, Job } from '#generated/prisma/client.ts';
import type { ClipStatus } from '#generated/prisma/enums.ts';
import { assertNotArchived } from './episodes.ts';
import { RenderClipPayload } from './render-clip.ts';
import { renderStates } from './render-states.ts';

/** Make a clip's status follow the job that renders it; what it is at last is for the job's own last write to say. */
export const renderJobHooks: JobHooks = {
  /**
   * Takes over what the clip has become since; one that is FAILED, what it was before. Throws Conflict where it is gone, or its episode is
   * archived.
   */
  async onRetry(change, job) {
    const clip = await lockClip(change, job);
    const { startSeconds, endSeconds, status } = clip;
    const original = RenderClipPayload.parse(job.payload);
    const before = status === 'FAILED' ? original.previousStatus : status;
    const payload = { ...original, startSeconds, endSeconds, previousStatus: before } satisfies RenderClipPayload;
    await change.tx.job.update({ where: { id: job.id }, data: { payload } });
    await setStatus(change, job, () => 'RENDERING');
  },
  /** Makes the clip RENDERING at the start of every attempt. */
  onStart: (change, job) => setStatus(change, job, () => 'RENDERING'),
  /** Makes the clip FAILED; one that still has the file of before is what it was. */
  onFailed: (change, job) =>
    setStatus(change, job, async (clip) =>
      (await renderStates(change.tx, [clip])).has(clip.id) ? previousStatus(job) : 'FAILED',
    ),
  /** Makes the clip what it was: a file that it had is still there. */
  onCancelled: (change, job) => setStatus(change, job, () => previousStatus(job)),
};

function previousStatus({ payload }: Job): ClipStatus {
  const { previousStatus: status } = RenderClipPayload.parse(payload);
  return status === 'RENDERING' ? 'SUGGESTED' : status;
}

async function setStatus(
  change: JobChange,
  job: Job,
  statusOf: (clip: Clip) => ClipStatus | Promise<ClipStatus>,
): Promise<void> {
  const clip = await findClip(change, job);
  if (!clip) return;
  await change.tx.clip.update({ where: { id: clip.id }, data: { status: await statusOf(clip) } });
  change.publish(episodeChannel(clip.episodeId));
  change.changed({ ownerId: clip.ownerId, type: 'CLIP', id: clip.id });
}

/** Locks the episode of the job's clip as `startRender` does, until the commit, and returns the clip. */
async function lockClip(change: JobChange, job: Job): Promise<Clip> {
  const found = await findClip(change, job);
  if (found) await lockRow(change.tx, 'episodes', found.episodeId);
  const clip = await findClip(change, job);
  if (!clip) throw new Conflict('The clip of this job is gone.', { jobId: job.id });
  assertNotArchived(await change.tx.episode.findUniqueOrThrow({ where: { id: clip.episodeId } }));
  return clip;
}

const findClip = async ({ tx }: JobChange, { subjectId }: Job): Promise<Clip | null> =>
  subjectId ? tx.clip.findUnique({ where: { id: subjectId } }) : null;
