import { setTimeout as pause } from 'node:timers/promises';
import { isOutage } from '#adapters/database/outages.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';

/** The shortest wait before an unreachable database is asked again, unless the reader is woken. */
const RETRY_AFTER_MS = 2_000;

/** Watches channels for one reader. Wakes that arrive while the reader is busy are merged into one. */
export class Watch {
  #isPending = false;
  #hasLeft = false;
  #resume: ((goesOn: boolean) => void) | undefined;
  /** Created only for readers that also wait for something else: most only wait to be woken. */
  #leaving: AbortController | undefined;

  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** Aborted when the reader leaves. */
  get leaving(): AbortSignal {
    this.#leaving ??= new AbortController();
    if (this.#hasLeft) this.#leaving.abort();
    return this.#leaving.signal;
  }

  /** Resolves to true at the next wake, or at once if one has come since the last call; to false when the reader has left. */
  woken(): Promise<boolean> {
    if (this.#hasLeft) return Promise.resolve(false);
    if (!this.#isPending) return new Promise((resolve) => (this.#resume = resolve));
    this.#isPending = false;
    return Promise.resolve(true);
  }

  /** Resolves to true after a time, or to false as soon as the reader leaves. */
  pause(timeMs: number): Promise<boolean> {
    return pause(timeMs, true, { signal: this.leaving }).catch(() => false);
  }

  /**
   * Reads the database; while it is unreachable, tries again after a wake or some seconds. Resolves to undefined when the reader has left.
   */
  read<T>(look: () => Promise<T>): Promise<T | undefined> {
    return retryOutages(look, () => {
      const later = setTimeout(() => this.wake(), RETRY_AFTER_MS * (1 + Math.random()));
      return this.woken().finally(() => clearTimeout(later));
    });
  }

  wake(): void {
    this.#isPending = true;
    if (!this.#resume) return;
    // Reset before the reader continues: all wakes until then are merged into one.
    queueMicrotask(() => {
      this.#isPending = false;
    });
    this.#resume(!this.#hasLeft);
    this.#resume = undefined;
  }

  leave(): void {
    this.#hasLeft = true;
    this.#leaving?.abort();
    this.wake();
  }
}

/**
 * Runs the feed of a subscription: `run` gets a watch that is already attached, so that no change is missed between the first read of
 * the database and the first wake. Leaving (`return`) ends a wait at once, which a bare async generator cannot: its `return` queues
 * behind the pending `await`.
 */
export const watchChannels = <T>(
  pubsub: PubSub,
  channels: readonly string[],
  run: (watch: Watch) => AsyncGenerator<T>,
): AsyncGenerator<T> => new WatchedEvents(pubsub, channels, run);

class WatchedEvents<T> implements AsyncGenerator<T, undefined> {
  readonly #pubsub: PubSub;
  readonly #channels: readonly string[];
  readonly #run: (watch: Watch) => AsyncGenerator<T>;
  readonly #watch = new Watch();
  #source: AsyncGenerator<T> | undefined;
  #detach: (() => void)[] = [];

  constructor(pubsub: PubSub, channels: readonly string[], run: (watch: Watch) => AsyncGenerator<T>) {
    this.#pubsub = pubsub;
    this.#channels = channels;
    this.#run = run;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#source ? this.#nextOf(this.#source) : this.#begin();
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#watch.leave();
    try {
      await this.#source?.return(undefined);
    } finally {
      this.#end();
    }
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#watch.leave();
    try {
      if (!this.#source) throw error;
      return await this.#source.throw(error);
    } finally {
      this.#end();
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #begin(): Promise<IteratorResult<T, undefined>> {
    if (this.#watch.hasLeft) return { done: true, value: undefined };
    const wake = () => this.#watch.wake();
    this.#detach = await Promise.all(this.#channels.map((channel) => this.#pubsub.subscribe(channel, wake)));
    if (this.#watch.hasLeft) {
      this.#end();
      return { done: true, value: undefined };
    }
    this.#source = this.#run(this.#watch);
    return this.#nextOf(this.#source);
  }

  #nextOf(source: AsyncGenerator<T>): Promise<IteratorResult<T, undefined>> {
    return source.next().then(
      (event) => {
        if (event.done) this.#end();
        return event;
      },
      (error) => {
        this.#end();
        throw error;
      },
    );
  }

  #end(): void {
    for (const detach of this.#detach.splice(0)) detach();
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
