import type { Listeners } from './listeners.ts';
import type { PubSub } from './pubsub.ts';

/** How many channels with unsent wakes are kept for the reconnection; the others are left to the safety net. */
const MAX_UNSENT = 10_000;

/** Channels with unsent wakes. */
export class UnsentChannels {
  readonly #channels = new Set<string>();

  get size(): number {
    return this.#channels.size;
  }

  keep(channel: string): void {
    if (this.#channels.size < MAX_UNSENT) this.#channels.add(channel);
  }

  takeAll(): string[] {
    const channels = [...this.#channels];
    this.#channels.clear();
    return channels;
  }
}

/** Carries wakes between the processes of an installation. */
export type WakeCarrier = Pick<PubSub, 'onReconnected' | 'close'> & {
  send(channel: string): void;
  attach(channel: string): void;
  detach(channel: string): void;
  /** Resolves when a channel is attached, or when that has failed. */
  attached(channel: string): Promise<unknown> | undefined;
  isConnected(): boolean;
};

/** Returns the PubSub of a process; a carrier delivers its wakes, and those of the other processes. */
export function createPubSubOver(carrier: WakeCarrier, listeners: Listeners): PubSub {
  return {
    // This process is woken at once; when its own message comes back, there is nothing new.
    publish(channel) {
      listeners.wake(channel);
      carrier.send(channel);
    },
    async subscribe(channel, wake) {
      if (listeners.add(channel, wake)) carrier.attach(channel);
      await carrier.attached(channel);
      return () => {
        if (listeners.remove(channel, wake)) carrier.detach(channel);
      };
    },
    wake: (channel) => listeners.wake(channel),
    channels: () => listeners.channels,
    onReconnected: (listener) => carrier.onReconnected(listener),
    hearsAll: () => carrier.isConnected(),
    status: () => ({ connected: carrier.isConnected(), channels: listeners.channels.length }),
    close: () => carrier.close(),
  };
}
