import type { Load } from '#loaders/loader.ts';
import type { Context } from './context.ts';

/** Returns the context of what is read for many connections at once. */
export const withoutConnection = (ctx: Context): Context => ({ ...ctx, eventSlots: undefined, broadcast: undefined });

/**
 * The events of a subscription, each with loaders of its own. `feed` is given how to get fresh ones for its own reads.
 * An event is answered, and sent, before the next is asked for, so it holds one of the connection's slots that long.
 */
export function withFreshLoaders<T>(ctx: Context, feed: (load: () => Load) => AsyncGenerator<T>): AsyncGenerator<T> {
  /** Of what the feed has read: the rows themselves are not kept while it waits. */
  let reading: Load['meter'] | undefined;
  const source = feed(() => {
    reading?.release();
    const load = ctx.freshLoad();
    reading = load.meter;
    return load;
  });
  let freeSlot: (() => void) | undefined;
  let left = false;
  const release = () => {
    reading?.release();
    ctx.load.meter.release();
    freeSlot?.();
  };
  const leave = () => {
    left = true;
    release();
  };
  return {
    async next() {
      release();
      const event = await source.next();
      if (event.done) return event;
      freeSlot = await ctx.eventSlots?.take();
      if (left) freeSlot?.();
      ctx.load = ctx.freshLoad();
      return event;
    },
    return(value) {
      leave();
      return source.return(value);
    },
    throw(error) {
      leave();
      return source.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      leave();
      await source.return(undefined);
    },
  };
}
