import type { Services } from '#domain/core/deps.ts';
import { UserSuspended } from '#domain/core/errors.ts';

/** A file as it is served: what it is called for people, and what it is; null where nobody has looked at it yet. */
export type ServedFile = {
  id: string;
  ownerId: string;
  storageKey: string;
  name: string;
  contentType: string | null;
  sizeBytes: number;
  createdAt: Date;
};

/**
 * Finds a stored file of an episode that is not archived, whoever asks: a signed url opens it. Null where there is none. Throws
 * UserSuspended if its owner is.
 */
export async function findServedFile({ database }: Pick<Services, 'database'>, id: string): Promise<ServedFile | null> {
  const file = await database.prisma.mediaFile.findFirst({
    where: { id, state: 'STORED', episode: { archivedAt: null } },
    include: {
      owner: { select: { suspendedAt: true } },
      episode: { select: { originalName: true, title: true } },
      clip: { select: { title: true } },
    },
  });
  if (!file) return null;
  if (file.owner.suspendedAt) throw new UserSuspended();
  const { ownerId, storageKey, contentType, createdAt, episode, clip } = file;
  const title = clip?.title ?? episode.title ?? episode.originalName;
  const name = file.kind === 'ORIGINAL' ? episode.originalName : `${title}${EXTENSIONS[contentType ?? ''] ?? ''}`;
  return { id, ownerId, storageKey, name, contentType, sizeBytes: Number(file.sizeBytes), createdAt };
}

/** What the names of files that we make end with. */
const EXTENSIONS: Record<string, string> = {
  'audio/mp4': '.m4a',
  'audio/wav': '.wav',
  'image/png': '.png',
  'video/mp4': '.mp4',
};
