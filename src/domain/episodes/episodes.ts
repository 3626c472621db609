import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, NotFound } from '#domain/core/errors.ts';
import { ENDED } from '#domain/core/job-states.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkWholeNumber } from '#domain/core/validation.ts';
import { write, writeOnce } from '#domain/core/write.ts';
import type { Episode, Job } from '#generated/prisma/client.ts';
import type { Genre, JobPriority, Platform } from '#generated/prisma/enums.ts';

/** What to look for in an episode: `maxClips`, from 1 to MAX_CLIPS, is for each platform. */
export type ProcessingRequest = {
  episodeId: string;
  platforms: readonly Platform[];
  genre: Genre;
  maxClips: number;
  priority: JobPriority;
  idempotencyKey?: string | null | undefined;
};

/** For one platform. */
export const MAX_CLIPS = 50;

/**
 * Queues a PROCESS_EPISODE job, which finds the clips of an episode in its transcript. Safe to repeat with the same
 * idempotency key. Throws BadUserInput, NotFound, Conflict (archived, being processed already, no transcript),
 * QueueFull, IdempotencyConflict.
 */
export async function startProcessing(
  deps: Deps,
  { priority, idempotencyKey, ...input }: ProcessingRequest,
): Promise<{ job: Job; episode: Episode }> {
  checkWholeNumber('input.maxClips', input.maxClips, { min: 1, max: MAX_CLIPS });
  if (input.platforms.length === 0) throw new BadUserInput('input.platforms', 'Give at least one platform.');
  const payload = { ...input, platforms: [...new Set(input.platforms)] };
  return writeOnce(deps, {
    action: 'episode.process',
    once: { key: idempotencyKey, input: { ...input, priority } },
    async run({ tx, about, enqueue, publish }) {
      const episode = await lockEpisode(tx, deps, input.episodeId);
      await assertNotProcessing(tx, episode);
      assertNotArchived(episode);
      await assertHasTranscript(tx, episode);
      about({ type: 'Episode', id: episode.id }, payload);
      publish(episodeChannel(episode.id));
      const subject = { type: 'Episode', id: episode.id };
      return (await enqueue({ kind: 'PROCESS_EPISODE', subject, payload, priority })).id;
    },
    what: 'episode',
    async load(jobId) {
      const [job, episode] = await Promise.all([
        deps.database.prisma.job.findUnique({ where: { id: jobId } }),
        findOwnEpisode(deps.database.prisma, deps, input.episodeId),
      ]);
      return job && episode && { job, episode };
    },
  });
}

/** Which episode to archive or delete. */
type EpisodeRef = { episodeId: string; idempotencyKey?: string | null | undefined };

/**
 * Archives an episode; it stays readable. Repeating it changes nothing. Throws NotFound, Conflict (being processed),
 * IdempotencyConflict.
 */
export function archiveEpisode(deps: Deps, { episodeId: id, idempotencyKey }: EpisodeRef): Promise<Episode> {
  return writeOnce(deps, {
    action: 'episode.archive',
    once: { key: idempotencyKey, input: { episodeId: id } },
    async run({ tx, about, publish }) {
      const episode = await lockEpisode(tx, deps, id);
      if (episode.status === 'ARCHIVED') return;
      await assertNotProcessing(tx, episode);
      await tx.episode.update({ where: { id }, data: { status: 'ARCHIVED' } });
      about({ type: 'Episode', id });
      publish(episodeChannel(id));
    },
    what: 'episode',
    load: () => findOwnEpisode(deps.database.prisma, deps, id),
  });
}

/**
 * Deletes an episode with its transcript, clips and feedback; conversations about it stay. Safe to repeat with the same
 * idempotency key. Throws NotFound, Conflict (being processed), IdempotencyConflict.
 */
export async function deleteEpisode(deps: Deps, { episodeId: id, idempotencyKey }: EpisodeRef): Promise<void> {
  await write(deps, {
    action: 'episode.delete',
    once: { key: idempotencyKey, input: { episodeId: id } },
    async run({ tx, about, publish }) {
      const episode = await lockEpisode(tx, deps, id);
      await assertNotProcessing(tx, episode);
      // Its conversations, which the deletion changes, in the order in which everybody locks them.
      await tx.$queryRaw`SELECT id FROM conversations WHERE episode_id = ${id}::uuid ORDER BY id FOR NO KEY UPDATE`;
      await tx.episode.delete({ where: { id } });
      about({ type: 'Episode', id });
      publish(episodeChannel(id));
    },
  });
}

/** Locks the actor's episode, so that what is decided about it holds until the commit. Throws NotFound. */
export async function lockEpisode(tx: Tx, deps: Deps, id: string): Promise<Episode> {
  await tx.$queryRaw`SELECT id FROM episodes WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
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
  const job = await tx.job.findFirst({
    where: { subjectId: id, status: { notIn: [...ENDED] } },
    select: { id: true, status: true },
  });
  if (job)
    throw new Conflict('A job is at work on this episode; wait for it, or cancel it.', {
      jobId: job.id,
      status: job.status,
    });
}

/** Throws Conflict for an archived episode. */
export function assertNotArchived({ status }: Episode): void {
  if (status === 'ARCHIVED') throw new Conflict('This episode is archived.', { status });
}

/** Throws Conflict for an episode without a transcript. */
export async function assertHasTranscript(tx: Tx, episode: Episode): Promise<void> {
  const segment = await tx.transcriptSegment.findFirst({
    where: { transcript: { episodeId: episode.id } },
    select: { id: true },
  });
  if (!segment) throw new Conflict('This episode has no transcript yet; import one first.', { status: episode.status });
}
