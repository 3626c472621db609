import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { isRequestDone, type WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { jsonColumn, type Tx } from '#domain/core/transaction.ts';
import { checkText } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Clip, TranscriptSegment } from '#generated/prisma/client.ts';
import { isPlanned, moveClips, planTranscript, type TranscriptPlan } from './carry-clips.ts';
import { lockEpisode } from './episodes.ts';
import { PlanOutdated, writeAsPlanned } from './planned-writes.ts';
import { correctSegment } from './transcripts/corrections/correct-segment.ts';
import { toParsedSegment } from './transcripts/segments/segments.ts';
import { MAX_SEGMENT_LENGTH } from './transcripts/segments/split-long.ts';
import { assertReplaceable } from './transcripts/stored-transcripts.ts';
import { cleanText, isShown } from './transcripts/text/clean-text.ts';

/** A correction: the whole text that a segment is to have. */
export type SegmentCorrection = WithIdempotencyKey & { segmentId: string; text: string };

/** The segment as it is now, and the clips that have changed with it. */
export type CorrectedSegment = { segment: TranscriptSegment; clips: Clip[] };

/**
 * Corrects the text of a segment of the actor's. Words that stay keep their times, and new ones share those of the words that they replace;
 * the edges of clips move with the words, what has changed is scored again, chapters are found anew, and files that were rendered are
 * marked as out of date. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound, Conflict (archived, a job is at work
 * on the episode), IdempotencyConflict, Unavailable.
 */
export async function updateSegment(
  deps: Deps,
  { idempotencyKey, ...input }: SegmentCorrection,
): Promise<CorrectedSegment> {
  const text = cleanText(checkText('input.text', input.text, { max: MAX_SEGMENT_LENGTH }));
  if (!isShown(text)) throw new BadUserInput('input.text', 'A segment must have at least one word.');
  return writeAsPlanned(deps.actor.userId, () => correct(deps, { ...input, idempotencyKey }, text));
}

async function correct(
  deps: Deps,
  { idempotencyKey, ...input }: SegmentCorrection,
  text: string,
): Promise<CorrectedSegment> {
  const { segmentId: id } = input;
  const isRepeated = await isRequestDone(deps.database.prisma, deps.actor, idempotencyKey);
  const planned = isRepeated ? null : await planCorrection(deps, id, text);
  return writeAndLoad(deps, {
    action: 'transcript.correct',
    once: { key: idempotencyKey, input },
    async run({ tx, about, publish, changed }) {
      const { episodeId } = await findOwnSegment(tx, deps, id);
      const episode = await lockEpisode(tx, deps, episodeId);
      await assertReplaceable(tx, episode);
      const { segment } = await findOwnSegment(tx, deps, id);
      const clips = await findClipsAround(tx, episodeId, segment);
      if (segment.text === text) return { clipIds: [] };
      if (planned?.text !== segment.text || !clips.every((clip) => isPlanned(planned.clips, clip)))
        throw new PlanOutdated();
      const { words } = correctSegment(toParsedSegment(segment), text);
      const source = segment.heardText ?? segment.text;
      const heardText = source === text ? null : source;
      await tx.transcriptSegment.update({ where: { id }, data: { text, words: jsonColumn(words), heardText } });
      const { chapters } = planned;
      if (chapters) await tx.transcript.update({ where: { id: segment.transcriptId }, data: { chapters } });
      const clipIds = await moveClips({ tx, changed }, clips, planned.clips);
      about({ type: 'Episode', id: episodeId }, { segment: segment.index, clips: clipIds.length });
      changed({ ...episode, type: 'EPISODE' });
      publish(episodeChannel(episodeId));
      return { clipIds };
    },
    what: 'segment',
    load: ({ clipIds }, tx) => findCorrected(tx, deps, { id, clipIds }),
  });
}

/** Finds out, without a lock, where clips go with the correction; null where there is nothing to correct. */
async function planCorrection(
  deps: Deps,
  id: string,
  text: string,
): Promise<({ text: string } & TranscriptPlan) | null> {
  const { prisma } = deps.database;
  const { segment, episodeId } = await findOwnSegment(prisma, deps, id);
  if (segment.text === text) return null;
  const clips = await findClipsAround(prisma, episodeId, segment);
  const change = { index: segment.index, text };
  return { text: segment.text, ...(await planTranscript(deps, episodeId, { clips, change })) };
}

/** Throws NotFound where it is missing or somebody else's. */
async function findOwnSegment(
  db: Pick<Tx, 'transcriptSegment'>,
  { actor }: Deps,
  id: string,
): Promise<{ segment: TranscriptSegment; episodeId: string }> {
  const where = { id, ownerId: actor.userId };
  const found = await db.transcriptSegment.findFirst({ where, include: { transcript: true } });
  const episodeId = found?.transcript.episodeId;
  if (!found || !episodeId) throw new NotFound('segment');
  const { transcript: _transcript, ...segment } = found;
  return { segment, episodeId };
}

/** Finds the clips that have a part of the segment. */
const findClipsAround = (
  db: Pick<Tx, 'clip'>,
  episodeId: string,
  { startSeconds, endSeconds }: TranscriptSegment,
): Promise<Clip[]> =>
  db.clip.findMany({
    where: { episodeId, startSeconds: { lte: endSeconds }, endSeconds: { gte: startSeconds } },
    orderBy: { id: 'asc' },
  });

async function findCorrected(
  tx: Tx,
  { actor }: Deps,
  { id, clipIds }: { id: string; clipIds: string[] },
): Promise<CorrectedSegment | null> {
  const segment = await tx.transcriptSegment.findFirst({
    where: { id, ownerId: actor.userId, transcript: { episodeId: { not: null } } },
  });
  const clips = await tx.clip.findMany({ where: { id: { in: clipIds } }, orderBy: { startSeconds: 'asc' } });
  return segment && { segment, clips };
}
