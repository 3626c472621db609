import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { DomainError } from '#domain/core/errors.ts';
import { runInThread } from '#domain/core/threads.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import type { Clip } from '#generated/prisma/client.ts';
import type { Chapter } from './chapters/find-chapters.ts';
import type { StoredFeatures } from './clips/clip-features.ts';
import { isEdited } from './clips/clip-statuses.ts';
import type { FollowedClip, TranscriptChange } from './clips/follow-clips.ts';
import { CLIP_THREADS } from './clips/threads.ts';
import { findRecording } from './media/checks/check-recording.ts';
import { type RenderState, renderStates } from './render-states.ts';
import { oldTranscripts, readSegmentPages } from './transcripts/segments/pages.ts';

/** Where clips go when their transcript changes, as it was planned before: by their ids. */
export type ClipPlan = ReadonlyMap<string, FollowedClip & { from: Clip }>;

/** What comes of a change of a transcript; chapters are null where that takes more memory than there is. */
export type TranscriptPlan = { clips: ClipPlan; chapters: Chapter[] | null };

/**
 * Finds the places of clips in what the transcript of the actor's episode becomes (`clips/follow-clips.ts`), and its chapters, in a
 * thread and without a transaction. Empty where that takes more memory than there is. Throws Unavailable, the signal's reason.
 */
export async function planTranscript(
  deps: Deps,
  episodeId: string,
  {
    clips,
    change,
    signal = NEVER,
  }: { clips: readonly Clip[]; change: TranscriptChange; signal?: AbortSignal | undefined },
): Promise<TranscriptPlan> {
  const release = await oldTranscripts.take();
  try {
    const pages = await readSegmentPages(deps, episodeId, { signal });
    const recording = await findRecording(deps.database.prisma, episodeId);
    const request = {
      ...{ pages, change, recordedSeconds: recording?.durationSeconds },
      clips: clips.map(({ id, platform, genre, title, startSeconds, endSeconds, features }) => ({
        ...{ id, platform, genre, title, startSeconds, endSeconds },
        features: features as StoredFeatures,
      })),
    };
    const followed = await runInThread(deps, CLIP_THREADS, 'followClips', request, { signal });
    const plan = followed.clips.map((clip, index) => [clip.id, { ...clip, from: clips[index] as Clip }] as const);
    return { clips: new Map(plan), chapters: followed.chapters };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'LIMIT_EXCEEDED') return { clips: new Map(), chapters: null };
    throw error;
  } finally {
    release();
  }
}

const NEVER = new AbortController().signal;

/** Whether a clip is still where it was when its move was planned. */
export const isPlanned = (plan: ClipPlan, { id, startSeconds, endSeconds }: Clip): boolean => {
  const from = plan.get(id)?.from;
  return from?.startSeconds === startSeconds && from.endSeconds === endSeconds;
};

/**
 * Moves clips as planned, with their new scores; a file that was rendered stays, and is out of date where its clip has moved or the words
 * that are written into it may be others. Returns the ids of those that have changed. Lock the episode before.
 */
export async function moveClips(
  { tx, changed }: Pick<TransactionChange, 'tx' | 'changed'>,
  clips: readonly Clip[],
  plan: ClipPlan,
): Promise<string[]> {
  const renders = await renderStates(tx, clips);
  const moved: string[] = [];
  for (const clip of clips) {
    const followed = plan.get(clip.id);
    if (followed && (await moveClip(tx, clip, followed, renders.get(clip.id)))) moved.push(clip.id);
  }
  for (const clip of clips) if (moved.includes(clip.id)) changed({ ownerId: clip.ownerId, type: 'CLIP', id: clip.id });
  return moved;
}

async function moveClip(tx: Tx, clip: Clip, followed: FollowedClip, render: RenderState | undefined): Promise<boolean> {
  const { startSeconds, endSeconds, score, features } = followed;
  const title = clip.titleEditedAt ? clip.title : followed.title;
  const isMoved = startSeconds !== clip.startSeconds || endSeconds !== clip.endSeconds;
  const renderOutOfDate = clip.renderOutOfDate || (render !== undefined && (isMoved || render.hasCaptions));
  const data = pickChangedColumns(clip, { startSeconds, endSeconds, score, features, title, renderOutOfDate });
  if (Object.keys(data).length === 0) return false;
  await tx.clip.update({ where: { id: clip.id }, data });
  return true;
}

/**
 * Takes the clips of an episode into another transcript: those whose words are there as planned; those that their owner has decided about,
 * or that have a file, all the same, at their seconds; the others are deleted. Returns how many are left. Lock the episode before.
 */
export async function carryClips(
  { tx, changed }: Pick<TransactionChange, 'tx' | 'changed'>,
  episodeId: string,
  plan: ClipPlan,
): Promise<number> {
  const clips = await tx.clip.findMany({ where: { episodeId } });
  const renders = await renderStates(tx, clips);
  const found = clips.filter((clip) => plan.get(clip.id)?.found && isPlanned(plan, clip));
  const rest = clips.filter((clip) => !found.includes(clip));
  const kept = rest.filter((clip) => isEdited(clip) || renders.has(clip.id));
  const gone = rest.filter((clip) => !kept.includes(clip));
  await moveClips({ tx, changed }, found, plan);
  const outdated = kept.filter(({ id, renderOutOfDate }) => renders.has(id) && !renderOutOfDate);
  await tx.clip.updateMany({ where: { id: { in: outdated.map(({ id }) => id) } }, data: { renderOutOfDate: true } });
  await tx.clip.deleteMany({ where: { id: { in: gone.map(({ id }) => id) } } });
  for (const { ownerId, id } of outdated) changed({ ownerId, type: 'CLIP', id });
  for (const { ownerId, id } of gone) changed({ ownerId, type: 'CLIP', id, deleted: true });
  return found.length + kept.length;
}
