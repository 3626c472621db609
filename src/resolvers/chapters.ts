import { chaptersFile } from '#domain/episodes/chapters/served-chapters.ts';
import type { Episode } from '#generated/prisma/client.ts';
import { chaptersOfEpisode } from '#loaders/chapters.ts';
import type { Context } from './context.ts';

/** Returns the chapters of an episode, in order. */
export const chapters = ({ id }: Episode, _args: unknown, { load }: Context) => load(chaptersOfEpisode, id);

/** Returns the signed address of an episode's chapters; null where there are none, or it is archived. */
export async function chaptersUrl({ id, archivedAt }: Episode, _args: unknown, { load, deps }: Context) {
  if (archivedAt || (await load(chaptersOfEpisode, id)).length === 0) return null;
  return `${deps.address.publicUrl}${deps.mediaUrls.create(chaptersFile(id), deps.now())}`;
}
