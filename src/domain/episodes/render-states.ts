import { z } from 'zod';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import type { Clip } from '#generated/prisma/client.ts';

/** What is known of the file that a clip has. */
export type RenderState = { hasCaptions: boolean };

/** What of the details of a render says whether words are written into it: of files from before that was noted, nobody knows. */
const Details = z.object({ burnCaptions: z.boolean().default(true) });

/** Returns what files clips have, by the ids of those that have one. */
export async function renderStates(
  db: Pick<Tx, 'mediaFile'>,
  clips: readonly Pick<Clip, 'id'>[],
): Promise<Map<string, RenderState>> {
  const files = await db.mediaFile.findMany({
    where: { clipId: { in: clips.map(({ id }) => id) }, kind: 'RENDER', state: 'STORED' },
    select: { clipId: true, details: true },
  });
  return new Map(
    files.map(({ clipId, details }) => [
      clipId as string,
      { hasCaptions: Details.safeParse(details).data?.burnCaptions ?? true },
    ]),
  );
}

/** Marks files with captions as out of date, because their episode has another transcript. Lock the episode before. */
export async function markCaptionsOutOfDate(
  { tx, changed }: Pick<TransactionChange, 'tx' | 'changed'>,
  episodeId: string,
): Promise<void> {
  const clips = await tx.clip.findMany({ where: { episodeId, renderOutOfDate: false } });
  const renders = await renderStates(tx, clips);
  const outdated = clips.filter(({ id }) => renders.get(id)?.hasCaptions);
  await tx.clip.updateMany({ where: { id: { in: outdated.map(({ id }) => id) } }, data: { renderOutOfDate: true } });
  for (const { ownerId, id } of outdated) changed({ ownerId, type: 'CLIP', id });
}
