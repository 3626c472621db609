import type { Services } from '#domain/core/deps.ts';
import { UserSuspended } from '#domain/core/errors.ts';
import type { Chapter } from './find-chapters.ts';

/** What the address of an episode's chapters is signed for. */
export const chaptersFile = (episodeId: string): string => `${episodeId}/chapters.json`;

/** Chapters in the form of the Podcasting 2.0 namespace (JSON Chapters 1.2). */
export type JsonChapters = { version: '1.2.0'; title: string; chapters: { startTime: number; title: string }[] };

/**
 * Returns the chapters of an episode, whoever asks: a signed url opens them. Null where it has none, or is archived. Throws UserSuspended
 * if its owner is.
 */
export async function findServedChapters(
  { database }: Pick<Services, 'database'>,
  episodeId: string,
): Promise<JsonChapters | null> {
  const transcript = await database.prisma.transcript.findFirst({
    where: { episodeId, episode: { archivedAt: null } },
    include: { episode: { select: { title: true, originalName: true, owner: { select: { suspendedAt: true } } } } },
  });
  const chapters = (transcript?.chapters ?? []) as Chapter[];
  if (!transcript?.episode || chapters.length === 0) return null;
  const { title, originalName, owner } = transcript.episode;
  if (owner.suspendedAt) throw new UserSuspended();
  return {
    version: '1.2.0',
    title: title ?? originalName,
    chapters: chapters.map(({ startSeconds, title }) => ({ startTime: startSeconds, title })),
  };
}
