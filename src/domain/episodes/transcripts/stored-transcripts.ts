import type { Deps } from '#domain/core/deps.ts';
import { type ImportTarget, MAX_IMPORT_MINUTES, removeUnseen, SlicedImport } from '#domain/core/sliced-import.ts';
import { jsonColumn, type Tx } from '#domain/core/transaction.ts';
import { assertNotArchived, assertNotProcessing } from '#domain/episodes/episodes.ts';
import { type Episode, Prisma } from '#generated/prisma/client.ts';
import type { ParsedTranscript } from './parse-into-rows.ts';
import { insertSegmentRows } from './segments/rows.ts';
import { SPEAKERS } from './speakers-of-transcript.ts';

/** Transcripts, which are invisible while they belong to no episode. */
export const TRANSCRIPTS: ImportTarget = {
  table: 'transcripts',
  owner: 'episode_id',
  rows: 'transcript_segments',
  parent: 'transcript_id',
};

/** Removes transcripts that are no episode's. Where it fails, maintenance does it later. */
export async function cleanUp({ database, log }: Deps, ids: string[]): Promise<void> {
  await removeUnseen(database, TRANSCRIPTS, ids).catch((error: unknown) =>
    log.warn({ err: error }, 'cannot remove transcripts that nobody sees'),
  );
}

/** Returns what writes the rows of a transcript. */
export function toImport(
  { slices, chapters }: ParsedTranscript,
  place: { transcriptId: string; ownerId: string },
): SlicedImport<Uint8Array> {
  return new SlicedImport({
    slices,
    begin: (db) => db.transcript.create({ data: { id: place.transcriptId, chapters: jsonColumn(chapters) } }),
    insert: (db, slice) => insertSegmentRows(db, place, slice),
  });
}

/** Throws Conflict where an episode is archived or being processed. */
export async function assertReplaceable(tx: Tx, episode: Episode): Promise<void> {
  assertNotArchived(episode);
  await assertNotProcessing(tx, episode);
}

/** Takes an episode's transcript from it. Returns the transcript's id. */
export async function detachTranscript(tx: Tx, episodeId: string): Promise<string[]> {
  const detached = await tx.transcript.updateManyAndReturn({ where: { episodeId }, data: { episodeId: null } });
  return detached.map(({ id }) => id);
}

/** Makes a transcript an episode's, unless the import has taken too long; returns how many it has made so. */
export function attachTranscript(tx: Tx, transcriptId: string, episodeId: string): Promise<number> {
  return tx.$executeRaw`UPDATE transcripts t SET episode_id = ${episodeId}::uuid, speakers = ${Prisma.raw(SPEAKERS)}
    WHERE id = ${transcriptId}::uuid AND created_at > now() - ${MAX_IMPORT_MINUTES} * interval '1 minute'`;
}
