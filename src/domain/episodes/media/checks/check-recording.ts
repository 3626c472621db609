import { z } from 'zod';
import type { Scratch } from '#adapters/files/file-store.ts';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { hashFile } from '#domain/episodes/media/file-threads.ts';
import { assertRoom, findFile, storeFile } from '#domain/episodes/media/files/files.ts';
import { explainFailure } from '#domain/episodes/media/program-errors.ts';
import { extractSound } from '#domain/episodes/media/sound/extract.ts';
import { BYTES_PER_SECOND } from '#domain/episodes/media/sound/pcm.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { MediaFile } from '#generated/prisma/client.ts';
import { type CheckedMedia, checkMedia, MAX_SECONDS } from './check-media.ts';

/** What was found out about a recording, as its row keeps it. */
const Details = z.object({
  demuxer: z.string(),
  durationSeconds: z.number(),
  audio: z.object({ index: z.int(), codec: z.string(), channels: z.int() }),
  video: z.object({ index: z.int(), codec: z.string(), width: z.int(), height: z.int() }).nullable(),
  warnings: z.array(z.string()),
});

/** A recording that was checked. */
export type Recording = { file: MediaFile } & z.output<typeof Details>;

/** Samples of a recording's sound on the local disk. */
export type LocalSound = { path: string };

type Step = { job: RunningJob; scratch: Scratch; onProgress: (fraction: number) => void };

/** Returns the recording of an episode, once it was checked; null where there is none. */
export async function findRecording(db: Pick<Tx, 'mediaFile'>, episodeId: string): Promise<Recording | null> {
  const file = await findFile(db, { episodeId, kind: 'ORIGINAL' });
  return file?.details ? { file, ...Details.parse(file.details) } : null;
}

/** Returns what the check of a recording found odd, in sentences for its owner; empty before it was checked. */
export const readWarnings = ({ details }: Pick<MediaFile, 'details'>): string[] =>
  details ? Details.parse(details).warnings : [];

/** Whether an episode has a recording that was not checked yet. */
export async function needsCheck({ database }: Pick<Deps, 'database'>, episodeId: string): Promise<boolean> {
  const file = await findFile(database.prisma, { episodeId, kind: 'ORIGINAL' });
  return file !== null && file.details === null;
}

/**
 * Checks the recording of an episode (`check-media.ts`), notes what it is, and keeps its sound in the store for the stages after it, all at
 * once. Throws UNSUPPORTED_MEDIA with a sentence for its owner, NotSetUp, AttemptEnded, StoreFull, Unavailable, the signal's reason.
 */
export async function checkRecording(deps: Deps, episodeId: string, { job, scratch, onProgress }: Step): Promise<void> {
  const file = await findFile(deps.database.prisma, { episodeId, kind: 'ORIGINAL' });
  if (!file) return;
  await assertRoom(deps, soundBytesOf(file));
  const { signal } = job;
  const path = await deps.files.localPath(file.storageKey, scratch, job.signal);
  const soundPath = scratch.path('sound');
  const checked = await checkMedia(deps.ffmpeg, {
    path,
    sizeBytes: Number(file.sizeBytes),
    soundPath,
    signal,
    assertRoom: (bytes) => assertRoom(deps, bytes),
    onProgress,
  });
  const sha256 = file.sha256 ?? (await hashFile(deps, path, signal));
  const { contentType, ...details } = checked satisfies CheckedMedia;
  await storeSound(deps, episodeId, { job, soundPath }, async ({ tx, publish, changed }) => {
    await tx.mediaFile.update({ where: { id: file.id }, data: { sha256, contentType, details } });
    const data = { contentType, durationSeconds: details.durationSeconds };
    await tx.episode.update({ where: { id: episodeId }, data });
    publish(episodeChannel(episodeId));
    changed({ ownerId: file.ownerId, type: 'EPISODE', id: episodeId });
  });
}

/**
 * Returns the sound of a recording: what its check has kept, else it is extracted again. Throws UNSUPPORTED_MEDIA, NotSetUp,
 * AttemptEnded, StoreFull, Unavailable, the signal's reason.
 */
export async function openSound(
  deps: Deps,
  { file, audio, demuxer, durationSeconds }: Recording,
  step: Step,
): Promise<LocalSound> {
  const { job, scratch, onProgress } = step;
  const { episodeId } = file;
  const kept = await findFile(deps.database.prisma, { episodeId, kind: 'AUDIO' });
  if (kept) return { path: await deps.files.localPath(kept.storageKey, scratch, job.signal) };
  await assertRoom(deps, soundBytesOf(file));
  const input = { path: await deps.files.localPath(file.storageKey, scratch, job.signal), demuxer };
  const soundPath = scratch.path('sound');
  await extractSound(deps.ffmpeg, {
    input,
    stream: audio,
    outputPath: soundPath,
    maxSeconds: MAX_SECONDS + 1,
    signal: job.signal,
    assertRoom: (bytes) => assertRoom(deps, bytes),
    onProgress: (seconds) => onProgress(Math.min(1, seconds / durationSeconds)),
  }).catch((error: unknown) => {
    throw explainFailure(error, 'The recording cannot be decoded any more.');
  });
  const stored = await storeSound(deps, episodeId, { job, soundPath });
  return { path: await deps.files.localPath(stored.storageKey, scratch, job.signal) };
}

function storeSound(
  deps: Deps,
  episodeId: string,
  { job, soundPath }: { job: RunningJob; soundPath: string },
  also?: Parameters<typeof storeFile>[3],
): Promise<MediaFile> {
  const place = { episodeId, kind: 'AUDIO', localPath: soundPath, contentType: SOUND_TYPE } as const;
  return storeFile(deps, job, place, async (change, file) => {
    await also?.(change, file);
    await job.giveAttemptsBack(change.tx);
  });
}

/** Samples without a header (RFC 2586 has them in the other byte order). */
const SOUND_TYPE = 'application/octet-stream';

/** How many times as large as a recording at 32 kbit/s its sound is, and the largest sound there is. */
const SOUND_GROWTH = 8;
const MAX_SOUND_BYTES = MAX_SECONDS * BYTES_PER_SECOND;

/** Returns how many bytes the sound of a recording has at most. */
const soundBytesOf = ({ sizeBytes }: MediaFile) => Math.min(Number(sizeBytes) * SOUND_GROWTH, MAX_SOUND_BYTES);
