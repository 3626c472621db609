import type { PubSub } from '#adapters/redis/pubsub.ts';
import type { Authentication, Credentials } from '#domain/accounts/authentication.ts';
import { API_KEYS_CHANNEL } from '#domain/core/channels.ts';
import { DomainError } from '#domain/core/errors.ts';

/** Live connections and the keys they came with. */
export type KeyWatch = {
  /** Calls `end` once the key stops being good: revoked, expired, gone. Returns how to stop watching. */
  watch(credentials: Credentials, end: () => void): () => void;
  close(): void;
};

type Watched = { credentials: Credentials; end: () => void };

/** Every key is looked at again this often, and at once when a key of the installation changes. */
const CHECK_EVERY_MS = 500;

export async function startKeyWatch(authentication: Authentication, pubsub: PubSub): Promise<KeyWatch> {
  const watched = new Map<symbol, Watched>();
  const checkOne = async (id: symbol, { credentials, end }: Watched) => {
    try {
      await authentication.identify(credentials);
    } catch (error) {
      const refused = error instanceof DomainError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN');
      if (refused && watched.delete(id)) end(); // a database that is away ends nothing
    }
  };
  // One at a time: while the database is frozen, every second would add a look at every key.
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
  const timer = setInterval(check, CHECK_EVERY_MS).unref();
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
