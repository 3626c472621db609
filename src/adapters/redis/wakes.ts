import type { Listeners } from './listeners.ts';
import type { PubSub } from './pubsub.ts';

/** Channels whose wakes could not be sent and are kept for the reconnection; more are left to the safety net. */
const MAX_UNSENT = 10_000;

/** Channels whose wakes could not be sent. */
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

/** What carries wakes between the processes of an installation. */
export type WakeCarrier = Pick<PubSub, 'onReconnected' | 'close'> & {
  send(channel: string): void;
  attach(channel: string): void;
  detach(channel: string): void;
  /** Resolves when a channel was attached, as far as that could be. */
  attached(channel: string): Promise<unknown> | undefined;
  isConnected(): boolean;
};

/** Returns the PubSub of a process whose wakes, and those of the others, a carrier brings. */
export function createPubSubOver(carrier: WakeCarrier, listeners: Listeners): PubSub {
  return {
    // This process is woken at once; its own message, when it returns, finds nothing new.
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
