import { Redis } from 'ioredis';
import type { Logger } from './log.ts';

export type Wake = () => void;

/**
 * Wakes readers, in this process or any other. It carries no data: the database is the truth, and a reader that is
 * woken reads it. Channels are plain names, as `conversation:<id>`.
 */
export type PubSub = {
  publish(channel: string): void;
  /** Resolves when attached: whatever is published from then on wakes `wake`. Answers how to detach. */
  subscribe(channel: string, wake: Wake): Promise<() => void>;
  /** Wakes every reader: after a reconnection, and as the safety net for a wake that got lost. */
  wakeAll(): void;
  /** Whether wakes cross processes at the moment, and how many channels are listened to. */
  status(): { connected: boolean; channels: number };
  close(): Promise<void>;
};

class Listeners {
  readonly #byChannel = new Map<string, Set<Wake>>();

  /** True where it is the channel's first. */
  add(channel: string, wake: Wake): boolean {
    const wakes = this.#byChannel.get(channel);
    if (wakes) wakes.add(wake);
    else this.#byChannel.set(channel, new Set([wake]));
    return !wakes;
  }

  /** True where it was the channel's last. */
  remove(channel: string, wake: Wake): boolean {
    const wakes = this.#byChannel.get(channel);
    if (!wakes?.delete(wake) || wakes.size > 0) return false;
    return this.#byChannel.delete(channel);
  }

  wake(channel: string): void {
    for (const wake of [...(this.#byChannel.get(channel) ?? [])]) wake();
  }

  get channels(): number {
    return this.#byChannel.size;
  }

  wakeAll(): void {
    for (const channel of [...this.#byChannel.keys()]) this.wake(channel);
  }
}

export function inProcessPubSub(): PubSub {
  const listeners = new Listeners();
  return {
    publish: (channel) => listeners.wake(channel),
    async subscribe(channel, wake) {
      listeners.add(channel, wake);
      return () => void listeners.remove(channel, wake);
    },
    wakeAll: () => listeners.wakeAll(),
    status: () => ({ connected: true, channels: listeners.channels }),
    close: async () => {},
  };
}

/** While Redis is down, subscribing still succeeds: readers are woken when it is back, and meanwhile by the safety net. */
export function redisPubSub(publisher: Redis, prefix: string, log: Logger): PubSub {
  const listeners = new Listeners();
  const attached = new Map<string, Promise<unknown>>();
  const subscriber = publisher.duplicate({ autoResubscribe: true });
  const ignore = (error: Error) => log.debug({ err: error }, 'redis pub/sub');
  subscriber.on('error', ignore);
  subscriber.on('message', (channel: string) => listeners.wake(channel.slice(prefix.length)));
  subscriber.on('ready', () => listeners.wakeAll());

  const attach = (channel: string) => {
    const done = subscriber.subscribe(prefix + channel).catch(ignore);
    attached.set(channel, done);
  };
  const detach = (channel: string) => {
    attached.delete(channel);
    subscriber.unsubscribe(prefix + channel).catch(ignore);
  };
  return {
    // This process is woken at once; its own message, when it returns, finds nothing new.
    publish(channel) {
      listeners.wake(channel);
      publisher.publish(prefix + channel, '').catch(ignore);
    },
    async subscribe(channel, wake) {
      if (listeners.add(channel, wake)) attach(channel);
      if (subscriber.status === 'ready') await attached.get(channel);
      return () => {
        if (listeners.remove(channel, wake)) detach(channel);
      };
    },
    wakeAll: () => listeners.wakeAll(),
    status: () => ({ connected: subscriber.status === 'ready' && publisher.status === 'ready', channels: listeners.channels }),
    close: async () => subscriber.disconnect(),
  };
}
