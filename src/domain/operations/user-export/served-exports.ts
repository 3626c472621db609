import { isAdmin } from '#domain/core/actor.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import type { ServedFile } from '#domain/episodes/media/files/served.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** For how many days an export can be downloaded. */
export const EXPORT_KEEP_DAYS = 7;

/** Returns when an export that is finished now expires. */
export const exportExpiry = (now: Date): Date => new Date(now.getTime() + EXPORT_KEEP_DAYS * 24 * 3_600_000);

/** Returns the address of an export, which takes an API key of whoever requested it. */
export const exportUrl = ({ address }: Pick<Services, 'address'>, id: string): string =>
  `${address.publicUrl}/exports/${id}.zip`;

/**
 * Finds an export that the actor has requested: of their own data or, as long as they are an ADMIN, of somebody else's. Throws NotFound,
 * also once it has expired.
 */
export async function findOwnExport({ database, actor, now }: Deps, id: string): Promise<ServedFile> {
  const found = await database.prisma.userExport.findFirst({
    where: { id, requestedById: actor.userId, expiresAt: { gt: now() } },
    include: { user: { select: { username: true } } },
  });
  if (!found || (found.userId !== actor.userId && !isAdmin(actor))) throw new NotFound('export');
  const { storageKey, sizeBytes, createdAt, user } = found;
  const name = `${user.username} ${createdAt.toISOString().slice(0, 10)}.zip`;
  return {
    id,
    ownerId: actor.userId,
    storageKey,
    name,
    contentType: 'application/zip',
    sizeBytes: Number(sizeBytes),
    createdAt,
  };
}

/** Exports are kept for EXPORT_KEEP_DAYS; their files are removed after the rows. */
export const exportRetention: RetentionRule = {
  rows: 'exports of users',
  deleteSlice: (change, now) => deleteSliceOf(change, 'user_exports', Prisma.sql`expires_at <= ${now}`),
};
