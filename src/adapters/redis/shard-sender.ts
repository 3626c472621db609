import type { Cluster } from 'ioredis';
import { shardedName, shardOf } from './shards.ts';
import { UnsentChannels } from './wakes.ts';

/** How often what could not be sent is sent again. */
const RESEND_EVERY_MS = 1_000;

/** Sends wakes to the nodes of a cluster, and again where a node was away. */
export class ShardSender {
  readonly #publisher: Cluster;
  readonly #prefix: string;
  readonly #ignore: (error: Error) => void;
  readonly #unsent = new UnsentChannels();
  readonly #resending: NodeJS.Timeout;
  #isResending = false;

  constructor(publisher: Cluster, prefix: string, ignore: (error: Error) => void) {
    this.#publisher = publisher;
    this.#prefix = prefix;
    this.#ignore = ignore;
    this.#resending = setInterval(() => void this.resend(), RESEND_EVERY_MS).unref();
  }

  get hasSentAll(): boolean {
    return this.#unsent.size === 0 && !this.#isResending;
  }

  /** Resolves to whether it was sent; else it is kept. */
  async send(channel: string): Promise<boolean> {
    try {
      await this.#publisher.spublish(shardedName(this.#prefix, shardOf(channel), channel), '');
      return true;
    } catch (error) {
      this.#unsent.keep(channel);
      this.#ignore(error as Error);
      return false;
    }
  }

  /** Sends what was kept: of each shard one, then the others, as its node may still be away. */
  async resend(): Promise<void> {
    if (this.#isResending || this.#unsent.size === 0) return;
    this.#isResending = true;
    const shards = Map.groupBy(this.#unsent.takeAll(), shardOf);
    await Promise.all(
      Array.from(shards.values(), async ([first, ...others]) => {
        if (await this.send(first as string)) await Promise.all(others.map((channel) => this.send(channel)));
        else for (const channel of others) this.#unsent.keep(channel);
      }),
    );
    this.#isResending = false;
  }

  close(): void {
    clearInterval(this.#resending);
  }
}
