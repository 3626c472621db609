import { type ChannelKind, FOLLOWED_CHANNELS } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';

/** The interval of checks for wakes that were lost, with the process or the Redis that carried them. */
const INTERVAL_MS = 5_000;

/** Differs from every version, including null, the version of a deleted row. */
const NEVER_SEEN = '';

/**
 * Wakes readers of this process whose wake was lost: compares the versions of everything that they watch, with one statement per kind
 * of channel, however many readers there are. A single process loses no wakes, and runs no checks. Returns a function that stops it.
 */
export function startSafetyNet(services: Services): () => void {
  const { pubsub, log } = services;
  const known = new Map<string, string | null>();
  let checking = false;
  const check = async () => {
    if (checking) return;
    checking = true;
    try {
      for (const kind of FOLLOWED_CHANNELS)
        for (const channel of await findChanges(services, kind, known)) pubsub.wake(channel);
    } catch (error) {
      log.debug({ err: error }, 'cannot look for lost wakes');
    } finally {
      checking = false;
    }
  };
  const isCovered = (channel: string) => FOLLOWED_CHANNELS.some(({ prefix }) => channel.startsWith(prefix));
  pubsub.onReconnected(() => {
    for (const channel of pubsub.channels()) if (!isCovered(channel)) pubsub.wake(channel);
    void check();
  });
  if (services.database.kind === 'embedded') return () => {};
  const timer = setInterval(check, INTERVAL_MS).unref();
  return () => clearInterval(timer);
}

/** Returns the channels of a kind that have changed since the last check, and new ones. Updates `known`. */
async function findChanges(
  { database, pubsub }: Services,
  { prefix, version }: ChannelKind,
  known: Map<string, string | null>,
): Promise<string[]> {
  const watched = new Set(pubsub.channels().filter((channel) => channel.startsWith(prefix)));
  for (const channel of known.keys()) if (channel.startsWith(prefix) && !watched.has(channel)) known.delete(channel);
  if (watched.size === 0) return [];
  const changes = await database.sql<{ id: string; version: string | null }>(
    `SELECT id, version FROM (SELECT k.id, k.known, (${version})::text AS version FROM unnest($1::uuid[], $2::text[]) AS k(id, known)) w
     WHERE version IS DISTINCT FROM known`,
    [
      Array.from(watched, (channel) => channel.slice(prefix.length)),
      Array.from(watched, (channel) => (known.has(channel) ? known.get(channel) : NEVER_SEEN)),
    ],
  );
  return changes.map(({ id, version: latest }) => {
    known.set(prefix + id, latest);
    return prefix + id;
  });
}
