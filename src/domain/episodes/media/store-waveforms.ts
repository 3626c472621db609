import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Scratch } from '#adapters/files/file-store.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { drawPart } from './file-threads.ts';
import { findFile, newFileName, storeFile } from './files.ts';
import type { MeasuredSound } from './measure-sound.ts';

/** What a waveform is made in. */
type Drawing = { measured: MeasuredSound; scratch: Scratch; episodeId: string };

/** Draws the waveform of an episode, unless it has one. Throws AttemptEnded, QUOTA_EXCEEDED, StoreFull. */
export async function storeEpisodeWaveform(
  deps: Deps,
  job: RunningJob,
  { measured, scratch, episodeId }: Drawing,
): Promise<void> {
  const place = { episodeId, kind: 'WAVEFORM' } as const;
  if (await findFile(deps.database.prisma, place)) return;
  const localPath = scratch.path('waveform.png');
  const all = { startSeconds: 0, endSeconds: measured.seconds };
  await writeFile(localPath, await drawPart(deps, measured, all, job.signal));
  await storeFile(deps, job, { ...place, localPath, contentType: 'image/png' });
}

/** Waveforms of clips that have no rows yet. */
export type ClipWaveforms = {
  /** Of all of them. */
  sizeBytes: number;
  /** Gives them their rows, once the clips have theirs: those of `clipIds`. */
  insert(tx: Tx, clipIds: ReadonlySet<string>): Promise<void>;
  /** Removes the files whose rows have not come. */
  discardUnused(db: Pick<Tx, 'mediaFile'>): Promise<void>;
};

/** Draws the waveforms of clips into the store. Throws StoreFull, the signal's reason. */
export async function drawClipWaveforms(
  deps: Deps,
  { measured, scratch, episodeId }: Drawing,
  clips: readonly (TimeRange & { id: string })[],
  signal: AbortSignal,
): Promise<ClipWaveforms> {
  const rows: { id: string; clipId: string; storageKey: string; sha256: string; sizeBytes: bigint }[] = [];
  const discard = async (keys: readonly string[]) => {
    for (const key of keys) await deps.files.remove(key).catch(() => {}); // the clean-up comes for it
  };
  try {
    for (const { id: clipId, startSeconds, endSeconds } of clips) {
      signal.throwIfAborted();
      const png = await drawPart(deps, measured, { startSeconds, endSeconds }, signal);
      const localPath = scratch.path(`${clipId}.png`);
      await writeFile(localPath, png);
      const name = newFileName();
      await deps.files.put(localPath, name.storageKey, signal);
      const sha256 = createHash('sha256').update(png).digest('hex');
      rows.push({ ...name, clipId, sha256, sizeBytes: BigInt(png.length) });
    }
  } catch (error) {
    await discard(rows.map(({ storageKey }) => storageKey));
    throw error;
  }
  const kept = {
    ownerId: deps.actor.userId,
    episodeId,
    kind: 'WAVEFORM',
    state: 'STORED',
    contentType: 'image/png',
  } as const;
  return {
    sizeBytes: rows.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0),
    async insert(tx, clipIds) {
      const data = rows.filter(({ clipId }) => clipIds.has(clipId)).map((row) => ({ ...row, ...kept }));
      await tx.mediaFile.createMany({ data });
    },
    async discardUnused(db) {
      const used = await db.mediaFile.findMany({
        where: { id: { in: rows.map(({ id }) => id) } },
        select: { id: true },
      });
      const ids = new Set(used.map(({ id }) => id));
      await discard(rows.filter(({ id }) => !ids.has(id)).map(({ storageKey }) => storageKey));
    },
  };
}
