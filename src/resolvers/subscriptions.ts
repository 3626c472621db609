import type { Load } from '#loaders/loader.ts';
import type { Context } from './context.ts';

/**
 * The events of a subscription, each with loaders of its own. `feed` is given how to get fresh ones for its own reads.
 */
export function withFreshLoaders<T>(ctx: Context, feed: (load: () => Load) => AsyncGenerator<T>): AsyncGenerator<T> {
  const source = feed(() => ctx.freshLoad());
  return {
    async next() {
      const event = await source.next();
      // One event is answered before the next is asked for, so this one's fields read through these loaders.
      ctx.load = ctx.freshLoad();
      return event;
    },
    return: (value) => source.return(value),
    throw: (error) => source.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => void (await source.return(undefined)),
  };
}
