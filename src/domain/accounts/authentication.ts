import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { createBatcher } from '#adapters/database/batching.ts';
import type { Database } from '#adapters/database/database.ts';
import { DomainError, Unauthenticated, UserSuspended } from '#domain/core/errors.ts';
import { type Credentials, findIdentities, type Identity, unknownUserError } from './identities.ts';
import { isUsername } from './users.ts';

/** Returns a cache key that is unique to the credentials. */
export const keyOfCredentials = ({ secret, actAs }: Credentials): string => `${secret} ${actAs ?? ''}`;

/** Resolves API keys to identities. */
export type Authentication = {
  /**
   * Throws Unauthenticated, UserSuspended, or Forbidden if the key may not act as the named user. Keys of a `suspect` that are not cached
   * are looked up together, a few times a second, however many they are.
   */
  identify(credentials: Credentials, suspect?: boolean): Promise<Identity>;
  /** Clears the caches, after keys have changed. */
  forget(): void;
};

/** For how long an identity is cached, which bounds how long a revoked key works if a wake is lost. */
const KNOWN_FOR_MS = 1_000;
/** From what age on a cached identity is refreshed in the background when it is used, so that no request waits for it. */
const RENEWED_AFTER_MS = 500;
/** For how long an invalid key, or one of a suspended user, is rejected without a lookup. */
const INVALID_FOR_MS = 10_000;
/** The size of each cache. Invalid keys have one of their own, so that they cannot evict valid ones. */
const KEYS_KEPT = 10_000;
/** The maximum number of keys in one statement; all lookups of a process are batched. */
const MAX_KEYS_A_STATEMENT = 20_000;
/** For how long keys of suspects are collected for one lookup. */
const SUSPECT_DELAY_MS = 250;
const SECRET = /^prl_[A-Za-z0-9_-]{43}$/;

/** Creates the authentication by the table of keys. */
export function createAuthentication(database: Pick<Database, 'sql'>, now: () => Date): Authentication {
  const valid = new LRUCache<string, Identity>({ max: KEYS_KEPT, ttl: KNOWN_FOR_MS });
  const invalid = new LRUCache<string, DomainError>({ max: KEYS_KEPT, ttl: INVALID_FOR_MS });
  const pending = new Map<string, Promise<Identity>>();
  /** Raised by `forget`: results of lookups that began earlier may be stale, and are not cached. */
  let version = 0;
  const lookup = createBatcher<Credentials, Identity>((keys) => findIdentities(database, keys), {
    maxBatchSize: MAX_KEYS_A_STATEMENT,
  });
  let round: Promise<void> | undefined;
  const waitForRound = () => {
    round ??= sleep(SUSPECT_DELAY_MS).then(() => {
      round = undefined;
    });
    return round;
  };

  async function lookUp(key: string, credentials: Credentials, suspect: boolean): Promise<Identity> {
    const begunAt = version;
    try {
      if (suspect) await waitForRound();
      const found = await lookup.load(credentials);
      if (begunAt === version) valid.set(key, found);
      return found;
    } catch (error) {
      if (begunAt === version && error instanceof DomainError) {
        valid.delete(key);
        if (error instanceof Unauthenticated || error instanceof UserSuspended) invalid.set(key, error);
      }
      throw error;
    } finally {
      if (begunAt === version) pending.delete(key);
    }
  }

  function lookUpOnce(key: string, credentials: Credentials, suspect: boolean): Promise<Identity> {
    const lookingUp = pending.get(key) ?? lookUp(key, credentials, suspect);
    pending.set(key, lookingUp);
    return lookingUp;
  }

  function findKnown(key: string, credentials: Credentials): Identity | undefined {
    const known = valid.get(key);
    if (known && valid.getRemainingTTL(key) < KNOWN_FOR_MS - RENEWED_AFTER_MS)
      lookUpOnce(key, credentials, false).catch(() => {}); // an error reaches the next request
    return known;
  }

  return {
    async identify(credentials, suspect = false) {
      assertPlausible(credentials);
      const key = keyOfCredentials(credentials);
      const refusal = invalid.get(key);
      if (refusal) throw refusal;
      const identity = findKnown(key, credentials) ?? (await lookUpOnce(key, credentials, suspect));
      const { expiresAt } = identity;
      if (expiresAt && expiresAt <= now()) throw new Unauthenticated('This API key has expired; make a new one.');
      return identity;
    },
    forget() {
      for (const known of [valid, invalid, pending]) known.clear();
      version += 1;
    },
  };
}

function assertPlausible({ secret, actAs }: Credentials): void {
  if (!SECRET.test(secret)) throw new Unauthenticated();
  if (actAs !== null && !isUsername(actAs)) throw unknownUserError(actAs);
}
