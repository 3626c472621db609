import type { Deps } from '#domain/core/deps.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { Feedback } from '#generated/prisma/client.ts';
import type { Genre } from '#generated/prisma/enums.ts';
import type { AppliedWeights, ClipFeatures } from './clips/clip-features.ts';
import { genreWeights } from './clips/genre-weights.ts';
import { applyFactors, learnFactors, MAX_VERDICTS, type Verdict, type WeightFactors } from './clips/learned-weights.ts';

/** What was learned from somebody's feedback; `version` grows with each change. */
export type LearnedWeights = { version: number; factors: WeightFactors };

/**
 * Returns what the actor likes about clips, by their feedback so far (`clips/learned-weights.ts`); what is new is stored as their next
 * version. Null where there is too little. Throws AttemptEnded.
 */
export async function learnWeights(deps: Deps, job: RunningJob): Promise<LearnedWeights | null> {
  const factors = learnFactors(await readVerdicts(deps));
  if (!factors) return null;
  const ownerId = deps.actor.userId;
  return job.writeFenced(async ({ tx }) => {
    const newest = await tx.scoringWeights.findFirst({ where: { ownerId }, orderBy: { version: 'desc' } });
    if (newest && isSame(newest.factors as WeightFactors, factors)) return { version: newest.version, factors };
    const version = (newest?.version ?? 0) + 1;
    // Another job of theirs may be storing the same version: it has read the same feedback, or the next job learns what it lacks.
    await tx.scoringWeights.createMany({ data: [{ ownerId, version, factors }], skipDuplicates: true });
    const stored = await tx.scoringWeights.findUniqueOrThrow({ where: { ownerId_version: { ownerId, version } } });
    return { version, factors: stored.factors as WeightFactors };
  });
}

/** Returns what was last learned of what the actor likes; null where nothing was. */
export async function findLearnedWeights({ database, actor }: Deps): Promise<LearnedWeights | null> {
  const newest = await database.prisma.scoringWeights.findFirst({
    where: { ownerId: actor.userId },
    orderBy: { version: 'desc' },
  });
  return newest && { version: newest.version, factors: newest.factors as WeightFactors };
}

/** Returns the weights of a genre as adjusted by what was learned; undefined if nothing was. */
export const adjustWeights = (genre: Genre, learned: LearnedWeights | null): AppliedWeights | undefined =>
  learned ? { version: learned.version, ...applyFactors(genreWeights[genre], learned.factors) } : undefined;

const isSame = (a: WeightFactors, b: WeightFactors) =>
  (Object.keys(b) as (keyof WeightFactors)[]).every((name) => a[name] === b[name]);

/** Reads the newest verdict on each clip, the clips that are gone among them: the newest MAX_VERDICTS. A rating of 3 takes one back. */
async function readVerdicts({ database, actor }: Deps): Promise<Verdict[]> {
  const rows = await database.sql<Pick<Feedback, 'type' | 'rating'> & { features: ClipFeatures }>(VERDICTS, [
    actor.userId,
    MAX_VERDICTS,
  ]);
  return rows.flatMap(({ type, rating, features }) => {
    const liked = isLiked({ type, rating });
    return liked === null ? [] : [{ liked, features }];
  });
}

const VERDICTS = /* sql */ `
SELECT type, rating, features FROM (
  SELECT DISTINCT ON (coalesce(f.clip_id, f.id)) f.type::text AS type, f.rating, f.features, f.id
  FROM feedback f WHERE f.author_id = $1::uuid AND f.features IS NOT NULL
    AND (f.rating IS NOT NULL OR f.type IN ('LIKE', 'DISLIKE', 'PUBLISHED', 'REJECTED'))
  ORDER BY coalesce(f.clip_id, f.id), f.id DESC) newest
WHERE rating IS DISTINCT FROM 3
ORDER BY id DESC LIMIT $2::int`;

/** A rating says it, 3 nothing; without one, the type does. */
function isLiked({ type, rating }: Pick<Feedback, 'type' | 'rating'>): boolean | null {
  if (rating !== null) return rating === 3 ? null : rating > 3;
  if (type === 'LIKE' || type === 'PUBLISHED') return true;
  return type === 'DISLIKE' || type === 'REJECTED' ? false : null;
}
