import { episodeChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { followState } from '#domain/live/state-feed.ts';
import type { Episode } from '#generated/prisma/client.ts';

/**
 * Yields the episode as it is now, then after each change; ends when it is deleted or the reader leaves. Throws
 * NotFound where `read` finds none to begin with.
 */
export function followEpisode(
  { pubsub }: Services,
  episodeId: string,
  read: () => Promise<Episode | null>,
): AsyncGenerator<Episode> {
  return followState(pubsub, {
    channels: [episodeChannel(episodeId)],
    read,
    signature: (episode) =>
      JSON.stringify(episode, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    missing: () => new NotFound('episode'),
  });
}
