import type { PubSub } from '#adapters/redis/pubsub.ts';
import type { Authentication, Credentials } from '#domain/accounts/authentication.ts';
import { API_KEYS_CHANNEL } from '#domain/core/channels.ts';
import { DomainError } from '#domain/core/errors.ts';

/** Watches the keys of connections that stay open, and ends those whose key stops being good. */
export type KeyWatch = {
  /** Calls `end` once the key stops being good: revoked, expired, deleted. Returns how to stop watching. */
  watch(credentials: Credentials, end: () => void): () => void;
  close(): void;
};

type Watched = { credentials: Credentials; end: () => void };

/** How often every key is checked; a change of any key has all checked at once. */
const CHECK_INTERVAL_MS = 500;

/** Starts the watch of this process. `close` stops it, and ends no connection. */
export async function startKeyWatch(authentication: Authentication, pubsub: PubSub): Promise<KeyWatch> {
  const watched = new Map<symbol, Watched>();
  const checkOne = async (id: symbol, { credentials, end }: Watched) => {
    try {
      await authentication.identify(credentials);
    } catch (error) {
      const rejected = error instanceof DomainError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN');
      if (rejected && watched.delete(id)) end(); // an outage of the database ends nothing
    }
  };
  // One check at a time: while the database is frozen, every interval would add a query for every key.
  let checking = false;
  let again = false;
  const check = async () => {
    again = checking;
    if (checking) return;
    checking = true;
    await Promise.all(Array.from(watched, ([id, each]) => checkOne(id, each)));
    checking = false;
    if (again) await check();
  };
  const timer = setInterval(check, CHECK_INTERVAL_MS).unref();
  const leave = await pubsub.subscribe(API_KEYS_CHANNEL, () => {
    authentication.forget();
    void check();
  });
  return {
    watch(credentials, end) {
      const id = Symbol();
      watched.set(id, { credentials, end });
      return () => void watched.delete(id);
    },
    close() {
      clearInterval(timer);
      leave();
    },
  };
}
