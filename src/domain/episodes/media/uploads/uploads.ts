import type { Deps, Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { MediaFile } from '#generated/prisma/client.ts';

/** How long an upload that is not finished is kept after its last bytes came: hours. */
export const UPLOAD_KEEP_HOURS = 24;

/** Returns when an upload that gets no more bytes is given up. */
export const uploadExpiry = ({ now }: Pick<Services, 'now'>): Date =>
  new Date(now().getTime() + UPLOAD_KEEP_HOURS * 3_600_000);

/** An upload, and how many bytes of it the store has. */
export type UploadState = { file: MediaFile; offset: number };

/** Returns the actor's recording, whether or not it has arrived; null where it is missing or somebody else's. */
export function findOwnUpload(db: Pick<Tx, 'mediaFile'>, { actor }: Deps, id: string): Promise<MediaFile | null> {
  return db.mediaFile.findFirst({ where: { id, ownerId: actor.userId, kind: 'ORIGINAL' } });
}

/** Returns how far an upload of the actor's has come, which is what the store has of it. Throws NotFound. */
export async function readUpload(deps: Deps, id: string): Promise<UploadState> {
  const file = await findOwnUpload(deps.database.prisma, deps, id);
  if (!file) throw new NotFound('upload');
  return { file, offset: await storedBytes(deps, file) };
}

/** Returns how many bytes of a recording the store has. */
export async function storedBytes({ files }: Pick<Services, 'files'>, file: MediaFile): Promise<number> {
  if (file.state === 'STORED') return Number(file.sizeBytes);
  return (await files.find(file.storageKey))?.sizeBytes ?? 0;
}
