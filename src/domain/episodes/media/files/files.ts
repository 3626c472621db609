import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { LongOutage } from '#domain/core/errors.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { hashFile } from '#domain/episodes/media/file-threads.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { MediaFile } from '#generated/prisma/client.ts';
import type { MediaFileKind } from '#generated/prisma/enums.ts';
import { assertStorage } from './storage.ts';

/** Which file of an episode: `variant` tells several of one kind apart, as renders of a clip by what was asked for. */
export type FilePlace = { episodeId: string; clipId?: string | null; kind: MediaFileKind; variant?: string };

/** A file that an attempt at a job has made and checked, on the local disk, and what it holds. */
export type MadeFile = FilePlace & { localPath: string; contentType: string };

/** Returns a new file's id, and its name in the store, which no other file ever gets. */
export function newFileName(): { id: string; storageKey: string } {
  const id = uuidv7();
  return { id, storageKey: `${id.slice(-2)}/${id}` };
}

/**
 * Moves a file that an attempt has made into the store, and gives it a row, in the transaction of the attempt in which `also` may
 * write more. Whatever the place had before is replaced, and goes once the new one is there. It is done when the row says so: an
 * attempt that dies in between leaves a file without a row, which the clean-up removes. Returns the row. Throws AttemptEnded,
 * QUOTA_EXCEEDED where it is to stay and its owner's files would take too much, StoreFull, the signal's reason.
 */
export async function storeFile(
  deps: Deps,
  job: RunningJob,
  { localPath, contentType, ...place }: MadeFile,
  also?: (change: JobChange, file: MediaFile) => Promise<void>,
): Promise<MediaFile> {
  const sha256 = await hashFile(deps, localPath, job.signal);
  const name = newFileName();
  const { sizeBytes } = await deps.files.put(localPath, name.storageKey, job.signal);
  try {
    return await job.writeFenced(async (change) => {
      if (place.kind !== 'AUDIO') await assertStorage(change.tx, deps, sizeBytes, wherePlace(place));
      await change.tx.mediaFile.deleteMany({ where: wherePlace(place) });
      const file = await change.tx.mediaFile.create({
        data: {
          ...name,
          ...place,
          ownerId: deps.actor.userId,
          state: 'STORED',
          contentType,
          sizeBytes: BigInt(sizeBytes),
          sha256,
        },
      });
      await also?.(change, file);
      return file;
    });
  } catch (error) {
    await deps.files.remove(name.storageKey).catch(() => {}); // the clean-up comes for it
    throw error;
  }
}

/** Bytes of the disk that jobs leave free, for the database and for uploads that are under way. */
const LEFT_FREE_BYTES = 64_000_000;

/** Throws LongOutage where a job that needs so many bytes of room would fill the disk: it is tried again later. */
export async function assertRoom({ files }: Pick<Deps, 'files'>, bytes: number): Promise<void> {
  if ((await files.freeBytes()) < bytes + LEFT_FREE_BYTES) throw new LongOutage(NO_ROOM);
}

const NO_ROOM = 'The server has no room left for this at the moment; it is tried again later.';

/** Finds the newest stored file of a place; null where there is none. */
export function findFile(db: Pick<Tx, 'mediaFile'>, place: FilePlace): Promise<MediaFile | null> {
  return db.mediaFile.findFirst({ where: { ...wherePlace(place), state: 'STORED' }, orderBy: { createdAt: 'desc' } });
}

const wherePlace = ({ episodeId, clipId = null, kind, variant = '' }: FilePlace) => ({
  episodeId,
  clipId,
  kind,
  variant,
});
