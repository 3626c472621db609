import { Listeners, type Wake } from './listeners.ts';

/**
 * Wakes readers, in this process or any other. It carries no data: the database is the source of truth, and a reader that is woken reads
 * it. Channels are plain names, such as `conversation:<id>`.
 */
export type PubSub = {
  /** Wakes the readers of a channel. Never throws: the safety net catches lost wakes. */
  publish(channel: string): void;
  /** Resolves when attached: whatever is published from then on calls `wake`. Returns a function that detaches it. */
  subscribe(channel: string, wake: Wake): Promise<() => void>;
  /** Wakes a channel's readers in this process. */
  wake(channel: string): void;
  /** The channels that have readers in this process. */
  channels(): string[];
  /** Calls `listener` when wakes arrive again after an interruption. */
  onReconnected(listener: () => void): void;
  /** Whether the wakes of all processes of the installation currently arrive here. */
  hearsAll(): boolean;
  /** Whether wakes are currently sent and received, and the number of channels with readers. */
  status(): { connected: boolean; channels: number };
  close(): Promise<void>;
};

/** Creates a PubSub for one process. Others of the installation, if it is not `alone`, are not heard. */
export function createInProcessPubSub({ alone }: { alone: boolean }): PubSub {
  const listeners = new Listeners();
  return {
    publish: (channel) => listeners.wake(channel),
    wake: (channel) => listeners.wake(channel),
    channels: () => listeners.channels,
    onReconnected: () => {},
    hearsAll: () => alone,
    async subscribe(channel, wake) {
      listeners.add(channel, wake);
      return () => void listeners.remove(channel, wake);
    },
    status: () => ({ connected: true, channels: listeners.channels.length }),
    close: async () => {},
  };
}
