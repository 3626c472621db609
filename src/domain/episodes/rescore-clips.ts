import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import type { Clip } from '#generated/prisma/client.ts';
import type { StoredFeatures } from './clips/clip-features.ts';
import type { ClipToScore, ScoredClip } from './clips/cuts.ts';
import { genreWeights } from './clips/genre-weights.ts';

/** Returns what of a clip its score depends on. */
export const toScore = ({ id, startSeconds, endSeconds, platform, genre, features }: Clip): ClipToScore => ({
  ...{ id, startSeconds, endSeconds, platform },
  weights: (features as StoredFeatures).weights ?? genreWeights[genre],
});

/** Gives clips the scores that they have in the present transcript, unless they were moved or deleted since. */
export async function rescoreClips(
  { tx, changed }: Pick<TransactionChange, 'tx' | 'changed'>,
  scored: readonly ScoredClip[],
): Promise<void> {
  const clips = await tx.clip.findMany({ where: { id: { in: scored.map(({ id }) => id) } } });
  const byId = new Map(clips.map((clip) => [clip.id, clip]));
  for (const { id, startSeconds, endSeconds, score, features } of scored) {
    const clip = byId.get(id);
    if (clip?.startSeconds !== startSeconds || clip.endSeconds !== endSeconds) continue;
    const data = pickChangedColumns(clip, { score, features: { ...(clip.features as StoredFeatures), ...features } });
    if (Object.keys(data).length === 0) continue;
    await tx.clip.update({ where: { id }, data });
    changed({ ownerId: clip.ownerId, type: 'CLIP', id });
  }
}
