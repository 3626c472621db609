import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict, DomainError, NotFound } from '#domain/core/errors.ts';
import { isRequestDone, type WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkText } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Clip, Episode } from '#generated/prisma/client.ts';
import type { Genre } from '#generated/prisma/enums.ts';
import type { StoredFeatures } from './clips/clip-features.ts';
import type { Cut, CutScore } from './clips/cuts.ts';
import { genreWeights } from './clips/genre-weights.ts';
import { assertEdges, findOwnClip, MAX_CLIP_TITLE_LENGTH } from './edit-clips.ts';
import { assertNotArchived, findOwnEpisode, hasTranscript, lockEpisode } from './episodes.ts';
import { adjustWeights, findLearnedWeights } from './learn-weights.ts';
import { findRecording } from './media/checks/check-recording.ts';
import { PlanOutdated, writeAsPlanned } from './planned-writes.ts';
import { scoreInThread } from './score-in-thread.ts';
import { toMillisecond } from './transcripts/text/timestamps.ts';

/** A stretch of an episode, in seconds of the recording, that is to be a clip. */
export type NewClip = WithIdempotencyKey & Cut & { episodeId: string; title: string; genre: Genre };

/** For one episode. */
export const MAX_OWN_CLIPS = 200;

/**
 * Creates a clip of a length that we cut for its platform (`clipSecondsFor`), with a score like those of `processEpisode`, which does not
 * replace it. Times are kept to the millisecond. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound, Conflict
 * (archived, neither a transcript nor a recording that was checked), LIMIT_EXCEEDED, IdempotencyConflict, Unavailable.
 */
export async function createClip(deps: Deps, { idempotencyKey, ...input }: NewClip): Promise<Clip> {
  const title = checkText('input.title', input.title, { max: MAX_CLIP_TITLE_LENGTH });
  const [startSeconds, endSeconds] = [toMillisecond(input.startSeconds), toMillisecond(input.endSeconds)];
  const { episodeId, platform, genre } = input;
  const cut = { startSeconds, endSeconds, platform };
  return writeAsPlanned(deps.actor.userId, async () => {
    const isRepeated = await isRequestDone(deps.database.prisma, deps.actor, idempotencyKey);
    const judged = isRepeated ? null : await judge(deps, episodeId, cut, genre);
    return writeAndLoad(deps, {
      action: 'clip.create',
      once: { key: idempotencyKey, input },
      async run({ tx, about, changed }) {
        const episode = await lockEpisode(tx, deps, episodeId);
        await assertCanCut(tx, episode, cut);
        if (!judged || judged.said !== (await hashWords(tx, episodeId, cut))) throw new PlanOutdated();
        const { ownerId } = episode;
        const { score, features } = judged;
        const made = { title, titleEditedAt: deps.now(), createdByUser: true };
        const data = { id: uuidv7(), episodeId, ownerId, ...cut, genre, score, features, ...made };
        await tx.clip.create({ data });
        about({ type: 'Clip', id: data.id }, cut);
        changed({ ownerId, type: 'EPISODE', id: episodeId });
        changed({ ownerId, type: 'CLIP', id: data.id });
        return data.id;
      },
      what: 'clip',
      load: (id, tx) => findOwnClip(tx, deps, id),
    });
  });
}

/** The score of a cut, with the weights that were learned of its owner, and a hash of what is said in it. */
type Judged = { score: number; features: StoredFeatures; said: string | null };

/** Scores a cut of the actor's episode as it is now, without a lock. Throws what createClip throws. */
async function judge(deps: Deps, episodeId: string, cut: Cut, genre: Genre): Promise<Judged> {
  const { prisma } = deps.database;
  const episode = await findOwnEpisode(prisma, deps, episodeId);
  if (!episode) throw new NotFound('episode');
  await assertCanCut(prisma, episode, cut);
  const said = await hashWords(prisma, episodeId, cut);
  const learned = adjustWeights(genre, await findLearnedWeights(deps));
  const weights = learned ?? genreWeights[genre];
  const [scored] = await scoreInThread(deps, episodeId, { cuts: [{ ...cut, weights }] });
  const { score, features } = scored as CutScore;
  return { said, score, features: learned ? { ...features, weights: learned } : features };
}

/** Returns a hash of what is said in a stretch, and by whom; null where nothing is. */
async function hashWords(
  db: Pick<Tx, '$queryRaw'>,
  episodeId: string,
  { startSeconds, endSeconds }: Cut,
): Promise<string | null> {
  const [row] = await db.$queryRaw<{ hash: string | null }[]>`
    SELECT md5(string_agg(concat_ws(' ', s.id, s.speaker, s.text), ' ' ORDER BY s.index)) AS hash
    FROM transcripts t JOIN transcript_segments s ON s.transcript_id = t.id
    WHERE t.episode_id = ${episodeId}::uuid AND s.end_seconds > ${startSeconds} AND s.start_seconds < ${endSeconds}`;
  return row?.hash ?? null;
}

/** Throws BadUserInput, Conflict or LIMIT_EXCEEDED where an episode takes no such clip. */
async function assertCanCut(db: Pick<Tx, 'clip' | 'mediaFile' | 'transcriptSegment'>, episode: Episode, cut: Cut) {
  const { id: episodeId, status } = episode;
  assertNotArchived(episode);
  if (!(await hasTranscript(db, episodeId)) && !(await findRecording(db, episodeId)))
    throw new Conflict(
      'This episode has neither a transcript nor a recording that was checked: import a transcript, or wait for the job that its upload starts.',
      { status },
    );
  assertEdges(cut, cut, episode);
  const actual = await db.clip.count({ where: { episodeId, createdByUser: true } });
  if (actual < MAX_OWN_CLIPS) return;
  throw new DomainError(
    'LIMIT_EXCEEDED',
    `An episode has at most ${MAX_OWN_CLIPS} clips of createClip; delete one that is not needed.`,
    { limit: MAX_OWN_CLIPS, limited: 'created clips', actual },
  );
}
