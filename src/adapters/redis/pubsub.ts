import { Listeners, type Wake } from './listeners.ts';

/**
 * Wakes readers, in this process or any other. It carries no data: the database is the truth, and a reader that is
 * woken reads it. Channels are plain names, as `conversation:<id>`.
 */
export type PubSub = {
  /** Wakes the readers of a channel. Never throws: the safety net catches a wake that is lost. */
  publish(channel: string): void;
  /** Resolves when attached: whatever is published from then on wakes `wake`. Returns how to detach. */
  subscribe(channel: string, wake: Wake): Promise<() => void>;
  /** Wakes the readers that a channel has in this process. */
  wake(channel: string): void;
  /** The channels that have readers in this process. */
  channels(): string[];
  /** Calls `listener` when wakes come again that did not for a while. */
  onReconnected(listener: () => void): void;
  /** Whether the wakes of every process of the installation come here at the moment. */
  hearsAll(): boolean;
  /** Whether wakes are sent and received at the moment, and how many channels are listened to. */
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
