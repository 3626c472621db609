import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Scratch } from '#adapters/files/file-store.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { drawPart } from '#domain/episodes/media/file-threads.ts';
import { findFile, newFileName, storeFile } from '#domain/episodes/media/files/files.ts';
import type { MeasuredSound } from '#domain/episodes/media/sound/measure.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';

/** Selects the waveforms `f` that were drawn for the edges which their clip `c` has; of older ones that is not known. */
export const DRAWN_AT_EDGES = `(f.details IS NULL OR
  (f.details->>'startSeconds')::float8 = c.start_seconds AND (f.details->>'endSeconds')::float8 = c.end_seconds)`;

/** What a waveform is made in. */
export type Drawing = { measured: MeasuredSound; scratch: Scratch; episodeId: string };

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

/** Waveforms of clips, which have no rows yet. */
export type ClipWaveforms = {
  /** Of all of them. */
  sizeBytes: number;
  /** Gives them their rows, once the clips have theirs: those of `clipIds`, and of clips that were there before and have not moved. */
  insert(tx: Tx, clipIds: ReadonlySet<string>): Promise<void>;
  /** Removes the files whose rows have not come. */
  discardUnused(db: Pick<Tx, 'mediaFile'>): Promise<void>;
};

type DrawnClip = TimeRange & { id: string };

/**
 * Draws the waveforms of new clips of an episode into the store, and of those that it has already without a picture or with one for other
 * edges. Throws StoreFull, Unavailable, the signal's reason.
 */
export async function drawClipWaveforms(
  deps: Deps,
  { measured, scratch, episodeId }: Drawing,
  newClips: readonly DrawnClip[],
  signal: AbortSignal,
): Promise<ClipWaveforms> {
  const older = await deps.database.sql<DrawnClip>(WITHOUT_WAVEFORM, [episodeId]);
  const rows: (ReturnType<typeof newFileName> & {
    clipId: string;
    sha256: string;
    sizeBytes: bigint;
    details: TimeRange;
  })[] = [];
  const discard = async (keys: readonly string[]) => {
    for (const key of keys) await deps.files.remove(key).catch(() => {}); // the clean-up comes for it
  };
  try {
    for (const { id: clipId, startSeconds, endSeconds } of [...newClips, ...older]) {
      signal.throwIfAborted();
      const png = await drawPart(deps, measured, { startSeconds, endSeconds }, signal);
      const localPath = scratch.path(`${clipId}.png`);
      await writeFile(localPath, png);
      const name = newFileName();
      await deps.files.put(localPath, name.storageKey, signal);
      const sha256 = createHash('sha256').update(png).digest('hex');
      const details = { startSeconds, endSeconds };
      rows.push({ ...name, clipId, sha256, sizeBytes: BigInt(png.length), details });
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
      const unmoved = await findUnmoved(tx, older);
      await tx.mediaFile.deleteMany({ where: { clipId: { in: unmoved }, kind: 'WAVEFORM' } });
      const drawn = new Set([...clipIds, ...unmoved]);
      const data = rows.filter(({ clipId }) => drawn.has(clipId)).map((row) => ({ ...row, ...kept }));
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

const WITHOUT_WAVEFORM = `SELECT c.id, c.start_seconds AS "startSeconds", c.end_seconds AS "endSeconds" FROM clips c
  WHERE c.episode_id = $1 AND NOT EXISTS (
    SELECT FROM media_files f WHERE f.clip_id = c.id AND f.kind = 'WAVEFORM' AND f.state = 'STORED' AND ${DRAWN_AT_EDGES})`;

/** Returns the ids of the clips that are there still, with the same edges. */
async function findUnmoved(tx: Tx, clips: readonly DrawnClip[]): Promise<string[]> {
  const before = new Map(clips.map((clip) => [clip.id, clip]));
  const now = await tx.clip.findMany({
    where: { id: { in: [...before.keys()] } },
    select: { id: true, startSeconds: true, endSeconds: true },
  });
  return now
    .filter(({ id, startSeconds, endSeconds }) => {
      const clip = before.get(id);
      return clip?.startSeconds === startSeconds && clip.endSeconds === endSeconds;
    })
    .map(({ id }) => id);
}
