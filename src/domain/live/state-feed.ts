import type { PubSub } from '#adapters/redis/pubsub.ts';
import { watchChannels } from './watch-channels.ts';

/** What is followed: where its changes are announced, and how its state is read. */
type StateFeed<State> = {
  channels: readonly string[];
  /** Null where there is nothing (any more) for this reader. */
  read(): Promise<State | null>;
  /** Two states that a subscriber could not tell apart have the same signature. */
  signature(state: State): unknown;
  /** Whether it will never change again. */
  isLast?(state: State): boolean;
  missing(): Error;
  /** Reads only when the clock comes to a multiple of this: so often at most, and all readers of a process by one statement. */
  everyMs?: number;
};

/**
 * Follows a state: as it is now, then the newest after each change. A slow reader skips what came in between, never the last;
 * the feed ends with the last state, or when what it follows is gone. Throws `missing()` where there was nothing to begin with.
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
