import { v7 as uuidv7 } from 'uuid';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { SliceHooks } from '#domain/core/time-slices.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { errorColumns } from '#domain/jobs/changes.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { Genre, Platform } from '#generated/prisma/enums.ts';
import { chooseClips, type FoundClip } from './clips/choose-clips.ts';
import { CLIP_SECONDS } from './clips/platforms.ts';
import { scoreCandidates } from './clips/score-candidates.ts';
import { type ParsedSegment, toParsedSegment } from './transcripts/segments.ts';
import { splitIntoSentences } from './transcripts/sentences.ts';

/** What a PROCESS_EPISODE job is to do; `maxClips` is for each platform. */
export type ProcessEpisodePayload = { episodeId: string; platforms: Platform[]; genre: Genre; maxClips: number };

/**
 * Where each stage begins, as a fraction of the whole. Scoring takes most of it: 84 % of the CPU time from segments to
 * clips, measured on two episodes of about 1,400 sentences; splitting these took 12 %, choosing 4 %.
 */
const STAGES = { reading: 0, scoring: 0.05, choosing: 0.93, saving: 0.97 };

/** Rows of one query, so that a long transcript with word times does not arrive as one result. */
const SEGMENTS_PER_READ = 10_000;

/**
 * Finds the clips of an episode in its transcript: at most `maxClips` for each platform. Replaces what was suggested
 * for these platforms before, and makes the episode READY. May run twice with one effect. Throws Conflict where no
 * whole sentences last as long as a clip, AttemptEnded where the job is not this attempt's any more, and the signal's
 * reason after an abort.
 */
export async function processEpisode(
  { database, now }: Deps,
  { episodeId, platforms, genre, maxClips }: ProcessEpisodePayload,
  job: RunningJob,
): Promise<void> {
  job.reportProgress({ fraction: STAGES.reading, stage: 'reading', message: 'Reading the transcript.' });
  const sentences = splitIntoSentences(await readSegments(database.prisma, episodeId));
  const scored = await scoreCandidates(sentences, { genre, platforms }, watchScoring(job, sentences.length));
  job.reportProgress({ fraction: STAGES.choosing, stage: 'choosing', message: 'Choosing the best.' });
  const found = [...chooseClips(scored, { maxClips }).values()].flat();
  if (found.length === 0) throw new Conflict(NO_CLIPS);
  job.reportProgress({ fraction: STAGES.saving, stage: 'saving', message: `Saving ${found.length} clips.` });
  await job.finish(async (tx, publish) => {
    await tx.episode.update({
      where: { id: episodeId },
      data: { status: 'READY', ...errorColumns(null), processedAt: now() },
    });
    await tx.clip.deleteMany({ where: { episodeId, platform: { in: platforms }, status: 'SUGGESTED' } });
    await tx.clip.createMany({ data: found.map((clip) => toClipRow(clip, episodeId, genre)) });
    publish(episodeChannel(episodeId));
    return { clips: found.length };
  });
}

const NO_CLIPS = `No stretch of whole sentences in this transcript lasts ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds, so there is no clip in it.`;

/** Passes the progress of scoring on as the job's, and the job's abort to scoring. */
function watchScoring(job: RunningJob, sentences: number): SliceHooks {
  const message = `Scoring what begins with each of ${sentences} sentences.`;
  const share = STAGES.choosing - STAGES.scoring;
  return {
    signal: job.signal,
    onProgress: (scored) =>
      job.reportProgress({ fraction: STAGES.scoring + scored * share, stage: 'scoring', message }),
  };
}

async function readSegments(
  { transcriptSegment }: Pick<Tx, 'transcriptSegment'>,
  episodeId: string,
): Promise<ParsedSegment[]> {
  const segments: ParsedSegment[] = [];
  for (;;) {
    const rows = await transcriptSegment.findMany({
      where: { episodeId, index: { gte: segments.length } },
      orderBy: { index: 'asc' },
      take: SEGMENTS_PER_READ,
    });
    segments.push(...rows.map(toParsedSegment));
    if (rows.length < SEGMENTS_PER_READ) return segments;
  }
}

function toClipRow(
  { platform, startSeconds, endSeconds, score, features, title }: FoundClip,
  episodeId: string,
  genre: Genre,
) {
  return { id: uuidv7(), episodeId, title, startSeconds, endSeconds, score, features, genre, platform };
}
