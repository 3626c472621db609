import { v7 as uuidv7 } from 'uuid';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { checkOptionalText, checkText, checkWholeNumber } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { findOwnEpisode } from '#domain/episodes/episodes.ts';
import { newFileName } from '#domain/episodes/media/files/files.ts';
import { assertFileSize, assertStorage } from '#domain/episodes/media/files/storage.ts';
import { checkEpisodeTitle, checkLanguage } from '#domain/episodes/update-episode.ts';
import type { Episode, MediaFile } from '#generated/prisma/client.ts';
import { findOwnUpload, uploadExpiry } from './uploads.ts';

/** A recording that is to be uploaded: what its client calls it, and how many bytes it has. */
export type NewEpisode = WithIdempotencyKey & {
  filename: string;
  sizeBytes: number;
  contentType?: string | null | undefined;
  title?: string | null | undefined;
  language?: string | null | undefined;
};

/** UTF-16 units: as long as file systems let a name be. */
export const MAX_FILENAME_LENGTH = 255;
/** UTF-16 units: as RFC 6838 (4.2) has it, two names of 127 and what is between. */
export const MAX_CONTENT_TYPE_LENGTH = 255;

/**
 * Makes an episode whose recording is to be uploaded, and reserves its bytes of the owner's storage. Returns both. Safe to repeat
 * with the same idempotency key. Throws BadUserInput, FILE_TOO_LARGE, QUOTA_EXCEEDED, IdempotencyConflict; NotFound where the first
 * result was deleted since.
 */
export async function createEpisode(
  deps: Deps,
  { idempotencyKey, ...input }: NewEpisode,
): Promise<{ episode: Episode; file: MediaFile }> {
  const sizeBytes = checkWholeNumber('input.sizeBytes', input.sizeBytes, { min: 1, max: Number.MAX_SAFE_INTEGER });
  assertFileSize(deps, sizeBytes);
  const columns = {
    ownerId: deps.actor.userId,
    originalName: checkText('input.filename', input.filename, { max: MAX_FILENAME_LENGTH }),
    contentType: checkOptionalText('input.contentType', input.contentType, { max: MAX_CONTENT_TYPE_LENGTH }),
    title: checkEpisodeTitle(input.title ?? null),
    language: checkLanguage(input.language ?? null),
    sizeBytes: BigInt(sizeBytes),
    status: 'UPLOADING',
  } as const;
  return writeAndLoad(deps, {
    action: 'episode.create',
    once: { key: idempotencyKey, input },
    async run({ tx, about, publish, changed }) {
      const { ownerId } = columns;
      await assertStorage(tx, deps, sizeBytes);
      const { id: episodeId } = await tx.episode.create({ data: { id: uuidv7(), ...columns } });
      const file = { ...newFileName(), ownerId, episodeId, kind: 'ORIGINAL', state: 'UPLOADING' } as const;
      await tx.mediaFile.create({ data: { ...file, sizeBytes: columns.sizeBytes, expiresAt: uploadExpiry(deps) } });
      about({ type: 'Episode', id: episodeId }, { bytes: sizeBytes });
      publish(episodeChannel(episodeId));
      changed({ ownerId, type: 'EPISODE', id: episodeId });
      return { episodeId, fileId: file.id };
    },
    what: 'episode',
    async load({ episodeId, fileId }, tx) {
      const episode = await findOwnEpisode(tx, deps, episodeId);
      const file = await findOwnUpload(tx, deps, fileId);
      return episode && file && { episode, file };
    },
  });
}
