import { v7 as uuidv7 } from 'uuid';
import type { Scratch } from '#adapters/files/file-store.ts';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { errorColumns } from '#domain/jobs/changes.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { episodeProcessed } from '#domain/webhooks/events.ts';
import type { Genre, Platform } from '#generated/prisma/enums.ts';
import type { Chapter } from './chapters/find-chapters.ts';
import type { FoundClip } from './clips/choose-clips.ts';
import { isEdited } from './clips/clip-statuses.ts';
import type { ScoredClip } from './clips/cuts.ts';
import { assertStorage } from './media/files/storage.ts';
import type { MeasuredSound } from './media/sound/measure.ts';
import type { TranscriptionReport } from './media/transcription/transcribe-recording.ts';
import { drawClipWaveforms } from './media/waveforms/store.ts';
import { isSameSearch, type ProcessEpisodePayload, readPayload } from './processing-payload.ts';
import { renderStates } from './render-states.ts';
import { rescoreClips } from './rescore-clips.ts';

/** What the processing of an episode has come to; its sound is there where it has a recording. */
export type ProcessedEpisode = {
  episodeId: string;
  clips: readonly FoundClip[];
  chapters: readonly Chapter[];
  ownClips: readonly ScoredClip[];
  /** What the clips were looked for by. */
  searched: ProcessEpisodePayload;
  scratch: Scratch;
  measured?: MeasuredSound;
  durationSeconds?: number;
  transcription?: TranscriptionReport | null;
};

/**
 * Ends a PROCESS_EPISODE job: saves its clips with their waveforms instead of those that were suggested before, makes the episode READY,
 * and removes the sound that the stages have shared. Returns false, and saves nothing, if its user has asked for something else meanwhile.
 * Throws AttemptEnded, QUOTA_EXCEEDED, StoreFull, the signal's reason.
 */
export async function saveClips(deps: Deps, job: RunningJob, processed: ProcessedEpisode): Promise<boolean> {
  const { episodeId, scratch, measured, searched } = processed;
  const { genre, platforms } = searched;
  const clips = processed.clips.map((clip) => toClipRow(clip, episodeId, genre));
  const drawing = measured && { measured, scratch, episodeId };
  const waveforms = drawing ? await drawClipWaveforms(deps, drawing, clips, job.signal) : null;
  try {
    await job.finish(async (change) => {
      if (!isSameSearch(searched, await readPayload(change.tx, job.id))) throw new SearchOutdated();
      if (waveforms) await assertStorage(change.tx, deps, waveforms.sizeBytes);
      await lockRow(change.tx, 'episodes', episodeId);
      const { chapters } = processed;
      await change.tx.transcript.updateMany({ where: { episodeId }, data: { chapters: [...chapters] } });
      const saved = await replaceClips(deps, change, processed, { clips, platforms });
      await waveforms?.insert(change.tx, saved);
      await rescoreClips(change, processed.ownClips);
      await change.tx.mediaFile.deleteMany({ where: { episodeId, kind: 'AUDIO' } });
      const { transcription = null } = processed;
      return { clips: saved.size, ...(transcription ? { transcription } : {}) };
    });
    return true;
  } catch (error) {
    if (error instanceof SearchOutdated) return false;
    throw error;
  } finally {
    await waveforms?.discardUnused(deps.database.prisma);
  }
}

/** Thrown within the job's last write: its user has asked for something else. */
class SearchOutdated extends Error {}

type ClipRow = ReturnType<typeof toClipRow>;

/** Returns the ids of the clips that are new. */
async function replaceClips(
  deps: Deps,
  { tx, publish, changed, emit }: JobChange,
  { episodeId, durationSeconds }: ProcessedEpisode,
  { clips: found, platforms }: { clips: readonly ClipRow[]; platforms: Platform[] },
): Promise<Set<string>> {
  const ownerId = deps.actor.userId;
  const before = await tx.clip.findMany({ where: { episodeId, platform: { in: platforms } } });
  const renders = await renderStates(tx, before);
  const kept = before.filter((clip) => isEdited(clip) || renders.has(clip.id));
  const replaced = before.filter((clip) => !kept.includes(clip));
  const clips = found
    .filter((clip) => !kept.some((other) => isSameStretch(clip, other)))
    .map((clip) => ({ ...clip, ownerId }));
  const episode = await tx.episode.update({
    where: { id: episodeId },
    data: {
      status: 'READY',
      ...errorColumns(null),
      processedAt: deps.now(),
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
    },
  });
  await tx.clip.deleteMany({ where: { id: { in: replaced.map(({ id }) => id) } } });
  await tx.clip.createMany({ data: clips });
  changed({ ownerId, type: 'EPISODE', id: episodeId });
  emit(episodeProcessed({ ...episode, ownerId }));
  for (const { id } of replaced) changed({ ownerId, type: 'CLIP', id, deleted: true });
  for (const { id } of clips) changed({ ownerId, type: 'CLIP', id });
  publish(episodeChannel(episodeId));
  return new Set(clips.map(({ id }) => id));
}

/** Whether two clips are the same stretch of one episode, for one platform. */
function isSameStretch(one: Stretch, other: Stretch): boolean {
  return (
    one.platform === other.platform && one.startSeconds === other.startSeconds && one.endSeconds === other.endSeconds
  );
}
type Stretch = Pick<FoundClip, 'platform' | 'startSeconds' | 'endSeconds'>;

function toClipRow(
  { platform, startSeconds, endSeconds, score, features, title }: FoundClip,
  episodeId: string,
  genre: Genre,
) {
  return { id: uuidv7(), episodeId, title, startSeconds, endSeconds, score, features, genre, platform };
}
