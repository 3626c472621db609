import type { Authentication } from '#domain/accounts/authentication.ts';
import type { Credentials } from '#domain/accounts/identities.ts';
import { API_KEYS_CHANNEL } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import type { AccessHolder } from './access-holder.ts';
import { WatchedKeys } from './watched-keys.ts';
import { WatchedUsers } from './watched-users.ts';

/** Watches the keys and users of open connections, and ends the connections whose key becomes invalid, or whose user is suspended. */
export type KeyWatch = {
  /** Notifies the holder once the key is revoked, expired or deleted, or its user suspended. Returns a function that stops watching. */
  watch(credentials: Credentials, holder: AccessHolder): () => void;
  /** The same for the owner of what a signed address opens, without a key: once that user is suspended or erased. */
  watchUser(userId: string, holder: AccessHolder): () => void;
  close(): void;
};

/** The interval at which all keys are checked with one statement, in case a wake was lost. */
const SAFETY_NET_MS = 30_000;
/** The same while other processes cannot be heard, because Redis is down or not configured. */
const DEAF_NET_MS = 1_500;
/** The shortest interval between checks that changed keys trigger: clients may change keys as often as they like. */
const CHECK_PAUSE_MS = 500;
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
