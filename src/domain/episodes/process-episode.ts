import { v7 as uuidv7 } from 'uuid';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { Genre, Platform } from '#generated/prisma/enums.ts';
import { chooseClips, type FoundClip } from './clips/choose-clips.ts';
import { scoreCandidates } from './clips/score-candidates.ts';
import { type ParsedSegment, toParsedSegment } from './transcripts/segments.ts';
import { splitIntoSentences } from './transcripts/sentences.ts';

export type ProcessEpisodePayload = { episodeId: string; platforms: Platform[]; genre: Genre; maxClips: number };

/** Where each stage begins, as a fraction of the whole: scoring takes nine tenths of the time. */
const STAGES = { reading: 0, scoring: 0.05, choosing: 0.93, saving: 0.97 };
const SEGMENTS_PER_READ = 10_000;

/**
 * Finds the clips of an episode in its transcript: at most `maxClips` for each platform, the best first. Replaces what
 * was suggested for these platforms before. May run twice with one effect. Throws Conflict where no stretch can be a clip.
 */
export async function processEpisode(
  { database, now }: Deps,
  { episodeId, platforms, genre, maxClips }: ProcessEpisodePayload,
  job: RunningJob,
): Promise<void> {
  job.progress({ fraction: STAGES.reading, stage: 'reading', message: 'Reading the transcript.' });
  const sentences = splitIntoSentences(await readSegments(database.prisma, episodeId));
  const scored = await scoreCandidates(
    sentences,
    { genre, platforms },
    {
      signal: job.signal,
      onProgress: (fraction) =>
        job.progress({
          fraction: STAGES.scoring + fraction * (STAGES.choosing - STAGES.scoring),
          stage: 'scoring',
          message: `Scoring what begins with each of ${sentences.length} sentences.`,
        }),
    },
  );
  job.progress({ fraction: STAGES.choosing, stage: 'choosing', message: 'Choosing the best.' });
  const found = [...chooseClips(scored, { maxClips }).values()].flat();
  if (found.length === 0)
    throw new Conflict(
      'No stretch of whole sentences in this transcript lasts 12 to 60 seconds, so there is no clip in it.',
    );
  job.progress({ fraction: STAGES.saving, stage: 'saving', message: `Saving ${found.length} clips.` });
  await job.finish(async (tx, publish) => {
    await tx.clip.deleteMany({ where: { episodeId, platform: { in: platforms }, status: 'SUGGESTED' } });
    await tx.clip.createMany({ data: found.map((clip) => toClipRow(clip, episodeId, genre)) });
    await tx.episode.update({ where: { id: episodeId }, data: { status: 'READY', error: null, processedAt: now() } });
    publish(episodeChannel(episodeId));
    return { clips: found.length };
  });
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
