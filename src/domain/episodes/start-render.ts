import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { ENDED } from '#domain/core/job-states.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Clip, Episode, Job } from '#generated/prisma/client.ts';
import type { ClipStatus, JobPriority } from '#generated/prisma/enums.ts';
import { assertEdges } from './edit-clips.ts';
import { assertNotArchived, lockEpisode } from './episodes.ts';
import { findRecording } from './media/checks/check-recording.ts';
import { assertStorage } from './media/files/storage.ts';
import type { Framing } from './media/renders/picture.ts';
import { RenderClipPayload } from './render-clip.ts';
import { renderStates } from './render-states.ts';
import type { TimeRange } from './transcripts/segments/segments.ts';
import { toMillisecond } from './transcripts/text/timestamps.ts';

/** The smallest size of a render in bytes: twelve seconds of sound at half of the bit rate. The real size is checked once it is known. */
const LEAST_BYTES = 120_000;

/** How a clip is to be rendered; edges that are left out stay. */
export type RenderRequest = WithIdempotencyKey & {
  clipId: string;
  startSeconds?: number | null | undefined;
  endSeconds?: number | null | undefined;
  burnCaptions: boolean;
  vertical: boolean;
  framing: Framing;
  priority: JobPriority;
};

/**
 * Queues a RENDER_CLIP job, which makes the file of a clip; edges that are given become the clip's. Safe to repeat with the same
 * idempotency key. Throws BadUserInput (edges out of the episode or of what its platform takes, captions without a picture), NotFound,
 * Conflict (archived, no recording, being rendered already), QUOTA_EXCEEDED, QueueFull, IdempotencyConflict.
 */
export async function startRender(
  deps: Deps,
  { priority, idempotencyKey, ...input }: RenderRequest,
): Promise<{ job: Job; clip: Clip }> {
  const { clipId: id } = input;
  return writeAndLoad(deps, {
    action: 'clip.render',
    once: { key: idempotencyKey, input: { ...input, priority } },
    async run({ tx, about, enqueue, publish, changed }) {
      const { clip, episode } = await lockClip(tx, deps, id);
      assertNotArchived(episode);
      await assertNotRendering(tx, clip);
      await assertRecording(tx, episode, input);
      const edges = {
        startSeconds: toMillisecond(input.startSeconds ?? clip.startSeconds),
        endSeconds: toMillisecond(input.endSeconds ?? clip.endSeconds),
      };
      assertEdges(edges, clip, episode);
      const { burnCaptions, vertical, framing } = input;
      const options = { burnCaptions, vertical, framing };
      const previousStatus = await findDecision(tx, clip);
      const payload: RenderClipPayload = { clipId: id, ...edges, ...options, previousStatus };
      await markAsRendering(tx, deps, clip, edges);
      about({ type: 'Clip', id }, payload);
      changed({ ownerId: deps.actor.userId, type: 'CLIP', id });
      publish(episodeChannel(episode.id));
      return (await enqueue({ kind: 'RENDER_CLIP', subject: { type: 'Clip', id }, payload, priority })).id;
    },
    what: 'clip',
    async load(jobId, tx) {
      const job = await tx.job.findUnique({ where: { id: jobId } });
      const clip = await findOwnClip(tx, deps, id);
      return job && clip && { job, clip };
    },
  });
}

/** Locks the episode of a clip of the actor, once there is room for its file. Throws NotFound, QUOTA_EXCEEDED. */
async function lockClip(tx: Tx, deps: Deps, id: string): Promise<{ clip: Clip; episode: Episode }> {
  const found = await findOwnClip(tx, deps, id);
  if (!found) throw new NotFound('clip');
  await assertStorage(tx, deps, LEAST_BYTES, { clipId: id, kind: 'RENDER' });
  const episode = await lockEpisode(tx, deps, found.episodeId);
  const clip = await findOwnClip(tx, deps, id);
  if (!clip) throw new NotFound('clip');
  return { clip, episode };
}

/** Throws Conflict without a recording to cut out of, BadUserInput without a picture for captions. */
async function assertRecording(
  tx: Tx,
  { id, status }: Episode,
  { burnCaptions, vertical }: Pick<RenderRequest, 'burnCaptions' | 'vertical'>,
): Promise<void> {
  const recording = await findRecording(tx, id);
  if (!recording)
    throw new Conflict(
      'This episode has no recording that was checked, so nothing can be cut out of it: wait for its job, or upload the recording by `createEpisode` and import the transcript into that episode.',
      { status },
    );
  if (burnCaptions && !recording.video && !vertical)
    throw new BadUserInput(
      'input.burnCaptions',
      'This recording has no picture to write captions into; ask for `vertical`, which makes one.',
    );
}

/** A clip that moves keeps the file that it has, which is then out of date. */
async function markAsRendering(tx: Tx, deps: Deps, clip: Clip, edges: TimeRange): Promise<void> {
  const { id } = clip;
  const moved = edges.startSeconds !== clip.startSeconds || edges.endSeconds !== clip.endSeconds;
  const move = moved ? { trimmedAt: deps.now(), renderOutOfDate: (await renderStates(tx, [clip])).has(id) } : {};
  await tx.clip.update({ where: { id }, data: { ...edges, status: 'RENDERING', ...move } });
}

const findOwnClip = (db: Pick<Tx, 'clip'>, { actor }: Deps, id: string) =>
  db.clip.findFirst({ where: { id, ownerId: actor.userId } });

/** Returns the status of a clip; of one that is FAILED, what it was before it was rendered: nobody has decided anything else. */
async function findDecision(tx: Tx, { id, status }: Clip): Promise<ClipStatus> {
  if (status !== 'FAILED') return status;
  const failed = await tx.job.findFirst({
    where: { subjectId: id, kind: 'RENDER_CLIP' },
    orderBy: { queuedAt: 'desc' },
    select: { payload: true },
  });
  return failed ? RenderClipPayload.parse(failed.payload).previousStatus : status;
}

async function assertNotRendering(tx: Tx, { id }: Clip): Promise<void> {
  const job = await tx.job.findFirst({
    where: { subjectId: id, status: { notIn: [...ENDED] } },
    select: { id: true, status: true },
  });
  if (job)
    throw new Conflict('This clip is being rendered; wait for it, or cancel it.', {
      jobId: job.id,
      status: job.status,
    });
}
