import { episodeChannel, uploadChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { ENDED } from '#domain/core/job-states.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkWholeNumber } from '#domain/core/validation.ts';
import { write, writeAndLoad } from '#domain/core/write.ts';
import { changeJob } from '#domain/jobs/changes.ts';
import type { Episode, Job } from '#generated/prisma/client.ts';
import type { Genre, JobPriority, Platform } from '#generated/prisma/enums.ts';
import { removeFiles } from './media/files/removed.ts';

/** What to look for in an episode: `maxClips`, from 1 to MAX_CLIPS, is for each platform. */
export type ProcessingRequest = WithIdempotencyKey & {
  episodeId: string;
  platforms: readonly Platform[];
  genre: Genre;
  maxClips: number;
  priority: JobPriority;
};

/** For one platform. */
export const MAX_CLIPS = 50;

/** What a recording is processed for, unless its owner asks for something else. */
export const PROCESSING_DEFAULTS = {
  platforms: ['TIKTOK', 'INSTAGRAM_REELS', 'YOUTUBE_SHORTS'] as Platform[],
  genre: 'GENERAL' as Genre,
  maxClips: 10,
};

/**
 * Queues a PROCESS_EPISODE job, which finds the clips of an episode in its recording or transcript; the job that its upload has
 * enqueued by itself takes the request over instead. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound,
 * Conflict (archived, being processed already, not completely uploaded, neither recording nor transcript), QueueFull, IdempotencyConflict.
 */
export async function startProcessing(
  deps: Deps,
  { priority, idempotencyKey, ...input }: ProcessingRequest,
): Promise<{ job: Job; episode: Episode }> {
  checkWholeNumber('input.maxClips', input.maxClips, { min: 1, max: MAX_CLIPS });
  if (input.platforms.length === 0) throw new BadUserInput('input.platforms', 'Give at least one platform.');
  const payload = { ...input, platforms: [...new Set(input.platforms)] };
  return writeAndLoad(deps, {
    action: 'episode.process',
    once: { key: idempotencyKey, input: { ...input, priority } },
    async run({ about, enqueue, ...change }) {
      const { tx, publish, changed } = change;
      const job = await lockAutomaticJob(tx, input.episodeId);
      const episode = await lockEpisode(tx, deps, input.episodeId);
      assertNotArchived(episode);
      about({ type: 'Episode', id: episode.id }, payload);
      if (job) {
        await changeJob({ ...change, now: deps.now() }, job, { payload });
        return job.id;
      }
      await assertNotProcessing(tx, episode);
      await assertHasContent(tx, episode);
      changed({ ...episode, type: 'EPISODE' });
      publish(episodeChannel(episode.id));
      const subject = { type: 'Episode', id: episode.id };
      return (await enqueue({ kind: 'PROCESS_EPISODE', subject, payload, priority })).id;
    },
    what: 'episode',
    async load(jobId, tx) {
      const job = await tx.job.findUnique({ where: { id: jobId } });
      const episode = await findOwnEpisode(tx, deps, input.episodeId);
      return job && episode && { job, episode };
    },
  });
}

/** Which episode to change. */
export type EpisodeRef = WithIdempotencyKey & { episodeId: string };

/**
 * Deletes an episode with its transcript, clips, feedback and files; conversations about it stay. Safe to repeat with the same
 * idempotency key. Throws NotFound, Conflict (being processed), IdempotencyConflict.
 */
export async function deleteEpisode(deps: Deps, { episodeId: id, idempotencyKey }: EpisodeRef): Promise<void> {
  const keys: string[] | null = await write(deps, {
    action: 'episode.delete',
    once: { key: idempotencyKey, input: { episodeId: id } },
    async run({ tx, about, publish, changed }) {
      const episode = await lockEpisode(tx, deps, id);
      const { ownerId } = episode;
      await assertNotProcessing(tx, episode);
      const files = await tx.mediaFile.findMany({ where: { episodeId: id }, select: { id: true, storageKey: true } });
      // Its conversations, which the deletion changes, in the order in which everybody locks them.
      const conversations = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM conversations WHERE episode_id = ${id}::uuid ORDER BY id FOR NO KEY UPDATE`;
      const clips = await tx.clip.findMany({ where: { episodeId: id }, select: { id: true } });
      await tx.episode.delete({ where: { id } });
      about({ type: 'Episode', id });
      changed({ ownerId, type: 'EPISODE', id, deleted: true });
      for (const clip of clips) changed({ ownerId, type: 'CLIP', id: clip.id, deleted: true });
      for (const conversation of conversations) changed({ ownerId, type: 'CONVERSATION', id: conversation.id });
      publish(episodeChannel(id));
      for (const file of files) publish(uploadChannel(file.id));
      return files.map(({ storageKey }) => storageKey);
    },
  });
  await removeFiles(deps, keys ?? []); // null where an older version has kept the first result
}

/** Locks the actor's episode, so that what is decided about it holds until the commit. Throws NotFound. */
export async function lockEpisode(tx: Tx, deps: Deps, id: string): Promise<Episode> {
  await lockRow(tx, 'episodes', id);
  const episode = await findOwnEpisode(tx, deps, id);
  if (!episode) throw new NotFound('episode');
  return episode;
}

/** Returns the actor's episode; null where it is missing or somebody else's. */
export function findOwnEpisode(db: Pick<Tx, 'episode'>, { actor }: Deps, id: string): Promise<Episode | null> {
  return db.episode.findFirst({ where: { id, ownerId: actor.userId } });
}

/** Throws Conflict, with the job, where a job of the episode has not ended. Lock the episode before. */
export async function assertNotProcessing(tx: Tx, { id }: Episode): Promise<void> {
  const clips = await tx.clip.findMany({ where: { episodeId: id, status: 'RENDERING' }, select: { id: true } });
  const job = await tx.job.findFirst({
    where: { subjectId: { in: [id, ...clips.map((clip) => clip.id)] }, status: { notIn: [...ENDED] } },
    select: { id: true, status: true },
  });
  if (job)
    throw new Conflict('A job is at work on this episode; wait for it, or cancel it.', {
      jobId: job.id,
      status: job.status,
    });
}

/** Throws Conflict for an archived episode. */
export function assertNotArchived({ archivedAt }: Episode): void {
  if (archivedAt)
    throw new Conflict('This episode is archived; bring it back with `updateEpisode` first.', { status: 'ARCHIVED' });
}

/**
 * Locks the job that an upload has enqueued by itself, as long as it has not ended and nobody has said what it is to look for.
 * Returns null where there is none.
 */
async function lockAutomaticJob(tx: Tx, episodeId: string): Promise<Job | null> {
  const [job] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM jobs WHERE subject_id = ${episodeId}::uuid AND kind = 'PROCESS_EPISODE'
      AND status IN ('QUEUED', 'RUNNING', 'RETRYING') AND payload @> '{"automatic": true}' FOR UPDATE`;
  return job ? tx.job.findUnique({ where: { id: job.id } }) : null;
}

/** Throws Conflict for an episode whose recording is still to be uploaded, or that has neither a recording nor a transcript. */
async function assertHasContent(tx: Tx, { id, status, receivedBytes, sizeBytes }: Episode): Promise<void> {
  if (await isUploading(tx, id))
    throw new Conflict(
      'The media file of this episode is missing: its upload is not complete. Upload the rest, and the episode is processed by itself; to process its transcript alone, cancel the upload with a DELETE of `upload.url`.',
      { status: 'UPLOADING', receivedBytes: Number(receivedBytes), sizeBytes: Number(sizeBytes) },
    );
  const recording = await tx.mediaFile.count({ where: { episodeId: id, kind: 'ORIGINAL' } });
  if (recording === 0 && !(await hasTranscript(tx, id)))
    throw new Conflict('This episode has no transcript yet; import one first.', { status });
}

/** Whether the recording of an episode is still to be uploaded, in whole or in part. */
export async function isUploading(db: Pick<Tx, 'mediaFile'>, episodeId: string): Promise<boolean> {
  return (await db.mediaFile.count({ where: { episodeId, kind: 'ORIGINAL', state: 'UPLOADING' } })) > 0;
}

/** Throws Conflict for an episode without a transcript. */
export async function assertHasTranscript(tx: Tx, { id, status }: Episode): Promise<void> {
  if (!(await hasTranscript(tx, id)))
    throw new Conflict('This episode has no transcript yet; import one first.', { status });
}

/** Whether an episode has a transcript with anything in it. */
export async function hasTranscript(db: Pick<Tx, 'transcriptSegment'>, episodeId: string): Promise<boolean> {
  return (
    (await db.transcriptSegment.findFirst({ where: { transcript: { episodeId } }, select: { id: true } })) !== null
  );
}
