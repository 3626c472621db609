import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { isRequestDone, type WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkText } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Episode } from '#generated/prisma/client.ts';
import type { CutScore, ScoredClip } from './clips/cuts.ts';
import type { Renaming } from './clips/score-cuts.ts';
import { findOwnEpisode, lockEpisode } from './episodes.ts';
import { PlanOutdated, writeAsPlanned } from './planned-writes.ts';
import { rescoreClips, toScore } from './rescore-clips.ts';
import { scoreInThread } from './score-in-thread.ts';
import { cleanName, MAX_NAME_LENGTH } from './transcripts/speakers/names.ts';
import { storeSpeakers } from './transcripts/speakers-of-transcript.ts';
import { assertReplaceable } from './transcripts/stored-transcripts.ts';

/** A speaker of an episode, and their name from now on. */
export type SpeakerRenaming = WithIdempotencyKey & Renaming & { episodeId: string };

/** The episode, how many of its segments have another speaker now, and whether these are one person with another speaker. */
export type RenamedSpeaker = { episode: Episode; segmentCount: number; merged: boolean };

/**
 * Segments that one statement renames: search reads each of them again, for which everybody waits on the embedded database, at 1 ms each.
 */
const SEGMENTS_AT_ONCE = 100;

/**
 * Renames a speaker in all segments of the actor's episode. If another speaker has the new name, the two become one, and clips, in which
 * fewer people talk with each other now, are scored again. Of a long transcript, most segments are renamed ahead, a few at a time, so that
 * nobody has to wait: until the end it has both names, and where it is not reached, the same request goes on. Safe to repeat with the same
 * idempotency key. Throws BadUserInput, NotFound, Conflict (archived, a job is at work on the episode), IdempotencyConflict, Unavailable.
 */
export async function renameSpeaker(
  deps: Deps,
  { idempotencyKey, ...input }: SpeakerRenaming,
): Promise<RenamedSpeaker> {
  const speaker = checkText('input.speaker', input.speaker, { max: MAX_NAME_LENGTH });
  const name = cleanName(checkText('input.name', input.name, { max: MAX_NAME_LENGTH }));
  if (name === null) throw new BadUserInput('input.name', 'This names nobody; give a name with letters or digits.');
  const { episodeId } = input;
  const { prisma } = deps.database;
  const renaming = { speaker, name };
  const progress: Progress = { ahead: 0, merged: null };
  return writeAsPlanned(deps.actor.userId, async () => {
    const isRepeated = await isRequestDone(prisma, deps.actor, idempotencyKey);
    const plan = isRepeated ? null : await planRenaming(deps, episodeId, renaming, progress);
    return writeAndLoad(deps, {
      action: 'transcript.rename-speaker',
      once: { key: idempotencyKey, input },
      async run({ tx, about, publish, changed }) {
        const episode = await lockEpisode(tx, deps, episodeId);
        await assertReplaceable(tx, episode);
        if (plan?.revision !== (await readRevision(tx, episode))) throw new PlanOutdated();
        const { transcriptId, merged, scored } = plan;
        if (name === speaker) return { segmentCount: 0, merged: false };
        const rest = await tx.transcriptSegment.updateMany({
          where: { transcriptId, speaker },
          data: { speaker: name },
        });
        const segmentCount = progress.ahead + rest.count;
        await storeSpeakers(tx, transcriptId);
        await rescoreClips({ tx, changed }, scored);
        about({ type: 'Episode', id: episodeId }, { segments: segmentCount, merged });
        changed({ ...episode, type: 'EPISODE' });
        publish(episodeChannel(episodeId));
        return { segmentCount, merged };
      },
      what: 'episode',
      async load(result, tx) {
        const episode = await findOwnEpisode(tx, deps, episodeId);
        return episode && { ...result, episode };
      },
    });
  });
}

/**
 * What of a request is done before its transaction: segments that are renamed ahead, and whether the new name was there before; null before
 * that is known.
 */
type Progress = { ahead: number; merged: boolean | null };

/** What is left to do; `scored` are the clips of an episode whose speakers are merged. */
type Plan = { transcriptId: string; merged: boolean; scored: ScoredClip[]; revision: bigint | null };

async function planRenaming(deps: Deps, episodeId: string, renaming: Renaming, progress: Progress): Promise<Plan> {
  const { prisma } = deps.database;
  const episode = await findOwnEpisode(prisma, deps, episodeId);
  if (!episode) throw new NotFound('episode');
  await assertReplaceable(prisma, episode);
  const revision = await readRevision(prisma, episode);
  const { speaker, name } = renaming;
  const ofEpisode = { transcript: { episodeId } };
  const first = await prisma.transcriptSegment.findFirst({ where: { ...ofEpisode, speaker } });
  if (!first) throw new NotFound('speaker');
  const { transcriptId } = first;
  const isThere = prisma.transcriptSegment.findFirst({ where: { ...ofEpisode, speaker: name }, select: { id: true } });
  progress.merged ??= speaker !== name && (await isThere) !== null;
  const { merged } = progress;
  const scored = merged ? await scoreClips(deps, episodeId, renaming) : [];
  if (speaker !== name) progress.ahead += await renameAhead(deps, transcriptId, renaming);
  return { transcriptId, merged, scored, revision };
}

/** Returns the clips of an episode with the scores that they have when a speaker is renamed. */
async function scoreClips(deps: Deps, episodeId: string, renaming: Renaming): Promise<ScoredClip[]> {
  const clips = (await deps.database.prisma.clip.findMany({ where: { episodeId } })).map(toScore);
  if (clips.length === 0) return [];
  const scores = await scoreInThread(deps, episodeId, { cuts: clips, renaming });
  return clips.map((clip, index) => ({ ...clip, ...(scores[index] as CutScore) }));
}

/** Renames all but the last SEGMENTS_AT_ONCE segments of a speaker, each statement some of them. Returns how many. */
async function renameAhead({ database }: Deps, transcriptId: string, { speaker, name }: Renaming): Promise<number> {
  const total = await database.prisma.transcriptSegment.count({ where: { transcriptId, speaker } });
  let [renamed, after] = [0, -1];
  while (total - renamed > SEGMENTS_AT_ONCE) {
    const values = [transcriptId, speaker, name, after, SEGMENTS_AT_ONCE];
    const [some] = await database.sql<{ rows: number; last: number }>(RENAME_SOME, values);
    if (!some?.rows) break;
    [renamed, after] = [renamed + some.rows, some.last];
  }
  return renamed;
}

const RENAME_SOME = /* sql */ `WITH part AS (
  SELECT id FROM transcript_segments WHERE transcript_id = $1::uuid AND speaker = $2 AND index > $4 ORDER BY index LIMIT $5),
renamed AS (UPDATE transcript_segments s SET speaker = $3 FROM part WHERE s.id = part.id RETURNING s.index)
SELECT count(*)::int AS rows, max(index) AS last FROM renamed`;

/** Returns the revision of the owner's data in which an episode has last changed, its transcript included; null if that is long ago. */
async function readRevision(db: Pick<Tx, 'change'>, { ownerId, id }: Episode): Promise<bigint | null> {
  const change = await db.change.findUnique({ where: { ownerId_type_id: { ownerId, type: 'EPISODE', id } } });
  return change?.number ?? null;
}
