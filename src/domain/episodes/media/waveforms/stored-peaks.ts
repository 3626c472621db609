import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { FileMissing } from '#adapters/files/file-store.ts';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { drawPeaks, peakRange } from '#domain/episodes/media/file-threads.ts';
import { findFile, storeFile } from '#domain/episodes/media/files/files.ts';
import type { ServedFile } from '#domain/episodes/media/files/served.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { Drawing } from './store.ts';

/** Which file of an episode holds the peaks of its sound, two bytes for each hundredth of a second: 4.3 MB for six hours. */
export const PEAKS = { kind: 'WAVEFORM', variant: 'peaks' } as const;

/**
 * Stores the peaks of an episode's sound, of which the waveform of any part is drawn when somebody asks for it, unless they are there.
 * Throws AttemptEnded, QUOTA_EXCEEDED, StoreFull.
 */
export async function storePeaks(
  deps: Deps,
  job: RunningJob,
  { measured: { peaks }, scratch, episodeId }: Drawing,
): Promise<void> {
  const place = { episodeId, ...PEAKS };
  if (await findFile(deps.database.prisma, place)) return;
  const localPath = scratch.path('peaks');
  await writeFile(localPath, peaks);
  await storeFile(deps, job, { ...place, localPath, contentType: 'application/octet-stream' });
}

/** What the address of the waveform of a part is signed for; `peaksId` is the file of the episode's peaks. */
export const partFile = (peaksId: string, { startSeconds, endSeconds }: TimeRange): string =>
  `${peaksId}/${Math.round(startSeconds * 1000)}-${Math.round(endSeconds * 1000)}.png`;

/**
 * Draws the waveform of a part of an episode as a PNG; null where the file of its peaks does not reach so far, or is gone. Throws
 * Unavailable.
 */
export async function drawStoredPart(
  { files, threads }: Services,
  { storageKey, ownerId, sizeBytes }: ServedFile,
  part: TimeRange,
): Promise<Uint8Array | null> {
  const { first, end } = peakRange(part);
  const range = { start: first, end: Math.min(end, sizeBytes) - 1 };
  if (range.start > range.end) return null;
  try {
    const bytes = await buffer(await files.read(storageKey, range));
    return await drawPeaks({ threads, actor: { ...SYSTEM_ACTOR, userId: ownerId } }, new Int8Array(bytes));
  } catch (error) {
    if (error instanceof FileMissing) return null;
    throw error;
  }
}
