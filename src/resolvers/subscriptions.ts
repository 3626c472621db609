import { EventLayer } from '#domain/live/event-layer.ts';
import type { Load } from '#loaders/loader.ts';
import type { Context } from './context.ts';

/** Returns the context of what is read for many connections at once. */
export const withoutConnection = (ctx: Context): Context => ({ ...ctx, eventSlots: undefined, broadcast: undefined });

/**
 * The events of a subscription, each with loaders of its own. `feed` is given how to get fresh ones for its own reads.
 * An event is answered, and sent, before the next is asked for, so it holds one of the connection's slots that long.
 */
export const withFreshLoaders = <T>(ctx: Context, feed: (load: () => Load) => AsyncGenerator<T>): AsyncGenerator<T> =>
  new FreshEvents(ctx, feed);

class FreshEvents<T> extends EventLayer<T> {
  protected readonly source: AsyncGenerator<T>;
  readonly #ctx: Context;
  /** Of what the feed has read: the rows themselves are not kept while it waits. */
  #reading: Load['meter'] | undefined;
  #freeSlot: (() => void) | undefined;
  #hasLeft = false;

  constructor(ctx: Context, feed: (load: () => Load) => AsyncGenerator<T>) {
    super();
    this.#ctx = ctx;
    this.source = feed(() => this.#loadFresh());
  }

  next(): Promise<IteratorResult<T, undefined>> {
    this.#release();
    return this.source.next().then((event) => (event.done ? event : this.#prepare(event)));
  }

  protected override leave(): void {
    this.#hasLeft = true;
    this.#release();
  }

  #loadFresh(): Load {
    this.#reading?.release();
    const load = this.#ctx.freshLoad();
    this.#reading = load.meter;
    return load;
  }

  async #prepare(event: IteratorYieldResult<T>): Promise<IteratorResult<T, undefined>> {
    this.#freeSlot = await this.#ctx.eventSlots?.take();
    if (this.#hasLeft) this.#freeSlot?.();
    this.#ctx.load = this.#ctx.freshLoad();
    return event;
  }

  #release(): void {
    this.#reading?.release();
    this.#ctx.load.meter.release();
    this.#freeSlot?.();
  }
}
