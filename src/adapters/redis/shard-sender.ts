import type { Cluster } from 'ioredis';
import { shardedName, shardOf } from './shards.ts';
import { UnsentChannels } from './wakes.ts';

/** How often unsent wakes are sent again. */
const RESEND_EVERY_MS = 1_000;

/** Sends wakes to the nodes of a cluster, and again if a node was down. */
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

  /** Resolves to whether the wake was sent; otherwise it is kept. */
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

  /** Sends the kept wakes: of each shard first one, then the others, because its node may still be down. */
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
