import { v7 as uuidv7 } from 'uuid';
import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict } from '#domain/core/errors.ts';
import { runInThread } from '#domain/core/threads.ts';
import { errorColumns } from '#domain/jobs/changes.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { Genre, Platform } from '#generated/prisma/enums.ts';
import type { FoundClip } from './clips/choose-clips.ts';
import type { ScoringProgress } from './clips/find-clips.ts';
import { CLIP_SECONDS } from './clips/platforms.ts';
import type { ClipTasks } from './clips/thread.ts';
import { readSegmentPages } from './transcripts/segment-pages.ts';

/** What a PROCESS_EPISODE job is to do; `maxClips` is for each platform. */
export type ProcessEpisodePayload = { episodeId: string; platforms: Platform[]; genre: Genre; maxClips: number };

/** Where each stage begins, as a fraction of the whole: scoring takes nearly all of it. */
const STAGES = { reading: 0, scoring: 0.05, saving: 0.97 };

/** Where clips are found, for two users at a time. The heap takes every transcript of 20 MB that was tried. */
const CLIP_THREADS: ThreadFile<ClipTasks> = {
  url: new URL('./clips/thread.ts', import.meta.url),
  size: 2,
  heapMb: 512,
};

/**
 * Finds the clips of an episode in its transcript: at most `maxClips` for each platform. Replaces what was suggested
 * for these platforms before, and makes the episode READY. May run twice with one effect. Throws Conflict where no
 * whole sentences last as long as a clip, AttemptEnded where the job is not this attempt's any more, and the signal's
 * reason after an abort.
 */
export async function processEpisode(
  deps: Deps,
  { episodeId, platforms, genre, maxClips }: ProcessEpisodePayload,
  job: RunningJob,
): Promise<void> {
  const { signal } = job;
  job.reportProgress({ fraction: STAGES.reading, stage: 'reading', message: 'Reading the transcript.' });
  const pages = await readSegmentPages(deps, episodeId, { signal });
  const request = { pages, genre, platforms, maxClips };
  const onProgress = (progress: ScoringProgress) => reportScoring(job, progress);
  const found = await runInThread(deps, CLIP_THREADS, 'findClips', request, { signal, onProgress });
  if (found.length === 0) throw new Conflict(NO_CLIPS);
  job.reportProgress({ fraction: STAGES.saving, stage: 'saving', message: `Saving ${found.length} clips.` });
  await job.finish(async (tx, publish) => {
    await tx.episode.update({
      where: { id: episodeId },
      data: { status: 'READY', ...errorColumns(null), processedAt: deps.now() },
    });
    await tx.clip.deleteMany({ where: { episodeId, platform: { in: platforms }, status: 'SUGGESTED' } });
    await tx.clip.createMany({ data: found.map((clip) => toClipRow(clip, episodeId, genre)) });
    publish(episodeChannel(episodeId));
    return { clips: found.length };
  });
}

const NO_CLIPS = `No stretch of whole sentences in this transcript lasts ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds, so there is no clip in it.`;

function reportScoring(job: RunningJob, { sentences, scored }: ScoringProgress): void {
  job.reportProgress({
    fraction: STAGES.scoring + scored * (STAGES.saving - STAGES.scoring),
    stage: 'scoring',
    message: `Scoring what begins with each of ${sentences} sentences.`,
  });
}

function toClipRow(
  { platform, startSeconds, endSeconds, score, features, title }: FoundClip,
  episodeId: string,
  genre: Genre,
) {
  return { id: uuidv7(), episodeId, title, startSeconds, endSeconds, score, features, genre, platform };
}
