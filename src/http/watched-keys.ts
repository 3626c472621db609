import { type Authentication, keyOfCredentials } from '#domain/accounts/authentication.ts';
import type { Credentials, Identity } from '#domain/accounts/identities.ts';
import { DomainError, type ErrorCode } from '#domain/core/errors.ts';
import type { AccessHolder } from './access-holder.ts';

/** A key and all connections that were opened with it. */
type Watched = {
  id: string;
  credentials: Credentials;
  holders: Set<AccessHolder>;
  expiry?: NodeJS.Timeout | undefined;
};

/** The longest delay of a timer in Node: 24.8 days. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The errors by which a key is rejected; any other is an outage. */
const REJECTIONS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['UNAUTHENTICATED', 'FORBIDDEN', 'USER_SUSPENDED']);

/** The keys of the open connections. */
export class WatchedKeys {
  readonly #authentication: Authentication;
  readonly #watched = new Map<string, Watched>();

  constructor(authentication: Authentication) {
    this.#authentication = authentication;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** Adds a connection, and returns a function that removes it. */
  add(credentials: Credentials, holder: AccessHolder): () => void {
    const id = keyOfCredentials(credentials);
    const key = this.#watched.get(id) ?? { id, credentials, holders: new Set() };
    key.holders.add(holder);
    if (key.holders.size === 1) {
      this.#watched.set(id, key);
      void this.#check(key);
    }
    return () => this.#remove(key, holder);
  }

  /** Ends the connections of keys that are no longer valid. */
  async checkAll(): Promise<void> {
    await Promise.all(Array.from(this.#watched.values(), (key) => this.#check(key)));
  }

  #remove(key: Watched, holder: AccessHolder): void {
    if (!key.holders.delete(holder) || key.holders.size > 0) return;
    clearTimeout(key.expiry);
    if (this.#isWatched(key)) this.#watched.delete(key.id);
  }

  #isWatched(key: Watched): boolean {
    return this.#watched.get(key.id) === key;
  }

  async #check(key: Watched): Promise<void> {
    try {
      this.#expireInTime(key, await this.#authentication.identify(key.credentials));
    } catch (error) {
      const isRejected = error instanceof DomainError && REJECTIONS.has(error.code);
      if (isRejected && this.#isWatched(key)) this.#endAll(key); // an outage of the database ends no connection
    }
  }

  #expireInTime(key: Watched, { expiresAt }: Identity): void {
    clearTimeout(key.expiry);
    if (!expiresAt || !this.#isWatched(key)) return;
    const leftMs = Math.min(expiresAt.getTime() - Date.now() + 1, MAX_TIMEOUT_MS);
    key.expiry = setTimeout(() => void this.#check(key), leftMs).unref();
  }

  #endAll({ id, holders, expiry }: Watched): void {
    clearTimeout(expiry);
    this.#watched.delete(id);
    for (const holder of holders) holder.onAccessEnded();
  }
}
