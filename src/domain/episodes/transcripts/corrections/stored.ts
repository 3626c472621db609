import { isDeepStrictEqual } from 'node:util';
import { Conflict } from '#domain/core/errors.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { Correction } from './list-changes.ts';

/** A correction with the row that has it, and what it says now. */
export type StoredCorrection = Correction & { id: string; text: string };

/** Returns the segments of an episode that were corrected, in order. */
export async function findCorrections(
  db: Pick<Tx, 'transcriptSegment'>,
  episodeId: string,
): Promise<StoredCorrection[]> {
  const rows = await db.transcriptSegment.findMany({
    where: { transcript: { episodeId }, heardText: { not: null } },
    select: { id: true, index: true, text: true, heardText: true },
    orderBy: { index: 'asc' },
  });
  return rows.map(({ heardText, ...row }) => ({ ...row, heardText: heardText as string }));
}

/** Throws Conflict where others were made since they were laid over another transcript. Lock the episode before. */
export async function assertCorrections(
  tx: Pick<Tx, 'transcriptSegment'>,
  episodeId: string,
  corrections: readonly StoredCorrection[],
): Promise<void> {
  if (isDeepStrictEqual(await findCorrections(tx, episodeId), corrections)) return;
  throw new Conflict('This transcript was corrected while another one came; import that again.');
}
