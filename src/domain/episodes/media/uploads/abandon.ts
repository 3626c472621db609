import { episodeChannel, uploadChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict, NotFound } from '#domain/core/errors.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { write } from '#domain/core/write.ts';
import { removeFiles } from '#domain/episodes/media/files/removed.ts';
import type { MediaFile, Prisma } from '#generated/prisma/client.ts';
import { findOwnUpload } from './uploads.ts';

/** All bytes of the upload have arrived, so there is nothing to cancel any more. */
export class UploadComplete extends Conflict {
  constructor(episodeId: string) {
    super(
      'This upload is complete, so it can no longer be cancelled; delete its episode with `deleteEpisode` instead.',
      { episodeId },
    );
  }
}

/**
 * Gives up an upload of the actor's that is not finished, and its episode with it, unless that has a transcript. Throws NotFound,
 * UploadComplete.
 */
export async function abandonUpload(deps: Deps, id: string): Promise<void> {
  const file = await findOwnUpload(deps.database.prisma, deps, id);
  if (!file) throw new NotFound('upload');
  await write(deps, {
    action: 'episode.abandon',
    async run({ about, ...change }) {
      if (!(await deleteUpload(change, file))) throw new UploadComplete(file.episodeId);
      about({ type: 'Episode', id: file.episodeId });
    },
  });
  await removeFiles(deps, [file.storageKey]);
}

/** What an episode is told to have of a file that will not come; its transcript and the length of that stay. */
const NO_FILE = { contentType: null, sizeBytes: 0n, receivedBytes: 0n };

/**
 * Deletes an unfinished upload that is still as `only` says, with its episode unless that has got a transcript meanwhile. Returns whether
 * there was one.
 */
export async function deleteUpload(
  { tx, publish, changed }: TransactionChange,
  { id, episodeId, ownerId }: MediaFile,
  only: Prisma.MediaFileWhereInput = {},
): Promise<boolean> {
  await lockRow(tx, 'episodes', episodeId);
  const { count } = await tx.mediaFile.deleteMany({ where: { ...only, id, state: 'UPLOADING' } });
  if (count === 0) return false;
  const episode = { id: episodeId, status: 'UPLOADING' } as const;
  const { count: episodes } = await tx.episode.deleteMany({ where: { ...episode, transcript: null } });
  await tx.episode.updateMany({ where: episode, data: { status: 'UPLOADED', ...NO_FILE } });
  changed({ ownerId, type: 'EPISODE', id: episodeId, deleted: episodes > 0 });
  publish(episodeChannel(episodeId));
  publish(uploadChannel(id));
  return true;
}
