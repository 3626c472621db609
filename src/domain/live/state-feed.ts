import type { PubSub } from '#adapters/redis/pubsub.ts';
import { watchChannels } from './watch-channels.ts';

/** What is followed: the channels of its changes, and how its state is read. */
type StateFeed<State> = {
  channels: readonly string[];
  /** Returns null if it does not exist (any longer), or not for this reader. */
  read(): Promise<State | null>;
  /** Two states that a subscriber could not tell apart have the same signature. */
  signature(state: State): unknown;
  /** Whether it will never change again. */
  isLast?(state: State): boolean;
  missing(): Error;
  /** Reads only at multiples of this interval: that bounds the rate, and lets all readers of a process share one statement. */
  everyMs?: number;
};

/**
 * Follows a state: yields the current one, then the newest one after each change. A slow reader skips states in between, but never the
 * last. Ends with the final state, or when the object is gone. Throws `missing()` if there is nothing to begin with.
 */
export function followState<State>(
  pubsub: PubSub,
  { channels, read, signature, isLast, missing, everyMs }: StateFeed<State>,
): AsyncGenerator<State> {
  return watchChannels(pubsub, channels, async function* (watch) {
    let state: State | null | undefined = await read();
    if (state === null) throw missing();
    for (let shown: unknown; state; state = await watch.read(read)) {
      if (signature(state) !== shown) {
        shown = signature(state);
        yield state;
        if (isLast?.(state)) return;
      }
      if (!(await watch.woken())) return;
      if (everyMs && !(await watch.pause(everyMs - (Date.now() % everyMs)))) return;
    }
  });
}
