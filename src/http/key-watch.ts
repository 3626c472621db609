import { type Authentication, keyOfCredentials } from '#domain/accounts/authentication.ts';
import type { Credentials, Identity } from '#domain/accounts/identities.ts';
import { API_KEYS_CHANNEL } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { DomainError, type ErrorCode } from '#domain/core/errors.ts';
import { WatchedUsers } from './watched-users.ts';

/** A connection that was opened with a key, or by a signed address of a user's. */
export type KeyHolder = { onKeyEnded(): void };

/** Watches the keys and users of open connections, and ends the connections whose key becomes invalid, or whose user is suspended. */
export type KeyWatch = {
  /** Notifies the holder once the key is revoked, expired or deleted, or its user suspended. Returns a function that stops watching. */
  watch(credentials: Credentials, holder: KeyHolder): () => void;
  /** The same for the owner of what a signed address opens, without a key: once that user is suspended or erased. */
  watchUser(userId: string, holder: KeyHolder): () => void;
  close(): void;
};

/** A key and all connections that were opened with it. */
type Watched = {
  id: string;
  credentials: Credentials;
  holders: Set<KeyHolder>;
  expiry?: NodeJS.Timeout | undefined;
};

/** The interval at which all keys are checked with one statement, in case a wake was lost. */
const SAFETY_NET_MS = 30_000;
/** The same while other processes cannot be heard, because Redis is down or not configured. */
const DEAF_NET_MS = 1_500;
/** The shortest interval between checks that changed keys trigger: clients may change keys as often as they like. */
const CHECK_PAUSE_MS = 500;
/** The longest delay of a timer in Node: 24.8 days. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The errors by which a key is rejected; any other is an outage. */
const REJECTIONS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['UNAUTHENTICATED', 'FORBIDDEN', 'USER_SUSPENDED']);

/** The keys of the open connections. */
class WatchedKeys {
  readonly #authentication: Authentication;
  readonly #watched = new Map<string, Watched>();

  constructor(authentication: Authentication) {
    this.#authentication = authentication;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** Adds a connection, and returns a function that removes it. */
  add(credentials: Credentials, holder: KeyHolder): () => void {
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

  #remove(key: Watched, holder: KeyHolder): void {
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
    for (const holder of holders) holder.onKeyEnded();
  }
}

/** Starts watching in this process. `close` stops that, and ends no connection. */
export async function startKeyWatch(
  authentication: Authentication,
  { pubsub, database }: Pick<Services, 'pubsub' | 'database'>,
): Promise<KeyWatch> {
  const keys = new WatchedKeys(authentication);
  const users = new WatchedUsers(database);
  const checks = createPacedTask(CHECK_PAUSE_MS, async () => {
    authentication.forget();
    await Promise.all([keys.checkAll(), users.checkAll()]);
  });
  let skipped = 0;
  const net = setInterval(() => {
    skipped += 1;
    if (keys.size + users.size === 0 || (pubsub.hearsAll() && skipped * DEAF_NET_MS < SAFETY_NET_MS)) return;
    skipped = 0;
    checks.run();
  }, DEAF_NET_MS).unref();
  const leave = await pubsub.subscribe(API_KEYS_CHANNEL, () => {
    authentication.forget();
    checks.run();
  });
  return {
    watch: (credentials, holder) => keys.add(credentials, holder),
    watchUser: (userId, holder) => users.add(userId, holder),
    close() {
      clearInterval(net);
      checks.stop();
      leave();
    },
  };
}

type PacedTask = { run(): void; stop(): void };

/** Runs a task at once, or else after its current run and the pause that follows; requests in between are merged into one run. */
function createPacedTask(pauseMs: number, task: () => Promise<void>): PacedTask {
  let running = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    again = running;
    if (running) return;
    running = true;
    await task();
    timer = setTimeout(() => {
      running = false;
      if (again) void run();
    }, pauseMs).unref();
  };
  return { run: () => void run(), stop: () => clearTimeout(timer) };
}
