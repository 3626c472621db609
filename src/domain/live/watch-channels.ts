import { setTimeout as pause } from 'node:timers/promises';
import { isOutage } from '#adapters/database/outages.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';

/** Watches channels for one reader. Wakes that come while the reader is busy are one. */
export type Watch = {
  /** Aborted when the reader leaves. */
  leaving: AbortSignal;
  /** Resolves true at the next wake, at once where one came since the last call; false when the reader has left. */
  woken(): Promise<boolean>;
  /** Resolves true after a time, false at once when the reader leaves. */
  pause(timeMs: number): Promise<boolean>;
  /** Reads the database; while that is out of reach, tries again after a wake or a few seconds. Undefined when the reader has left. */
  read<T>(look: () => Promise<T>): Promise<T | undefined>;
};

/** How long a reader waits at least before it asks a database again that was out of reach, unless something wakes it. */
const RETRY_AFTER_MS = 2_000;

/**
 * Runs what a subscription reads: `run` gets a watch that is attached already, so that nothing can happen unseen between its
 * first look at the database and its first wake. Leaving (`return`) ends a wait at once, which a bare async generator
 * cannot: its `return` queues behind the pending `await`.
 */
export function watchChannels<T>(
  pubsub: PubSub,
  channels: readonly string[],
  run: (watch: Watch) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const leaving = new AbortController();
  const source = runAttached(pubsub, channels, leaving.signal, run);
  return {
    next: () => source.next(),
    return: (value) => {
      leaving.abort();
      return source.return(value);
    },
    throw: (error) => {
      leaving.abort();
      return source.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      leaving.abort();
      await source.return(undefined);
    },
  };
}

async function* runAttached<T>(
  pubsub: PubSub,
  channels: readonly string[],
  leaving: AbortSignal,
  run: (watch: Watch) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  let pending = false;
  let resume: (() => void) | undefined;
  const wake = () => {
    pending = true;
    resume?.();
  };
  leaving.addEventListener('abort', wake);
  const woken = async () => {
    if (!pending) await new Promise<void>((resolve) => (resume = resolve));
    pending = false;
    resume = undefined;
    return !leaving.aborted;
  };
  const detach = await Promise.all(channels.map((channel) => pubsub.subscribe(channel, wake)));
  try {
    const wokenOrLater = async () => {
      const later = setTimeout(wake, RETRY_AFTER_MS * (1 + Math.random()));
      return woken().finally(() => clearTimeout(later));
    };
    yield* run({
      leaving,
      woken,
      pause: (timeMs) => pause(timeMs, true, { signal: leaving }).catch(() => false),
      read: (look) => retryOutages(look, wokenOrLater),
    });
  } finally {
    for (const leave of detach) leave();
  }
}

async function retryOutages<T>(look: () => Promise<T>, wait: () => Promise<boolean>): Promise<T | undefined> {
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!isOutage(error)) throw error;
      if (!(await wait())) return undefined;
    }
  }
}
