import { setImmediate as onNextTurn } from 'node:timers';
import { setImmediate } from 'node:timers/promises';

/** Milliseconds after which long work yields to other events. Answering a user takes some twenty turns of the event loop. */
const WORK_MS = 2;

let turn: Promise<void> = Promise.resolve();

/** Resolves in the next turn of the event loop that no other slice has taken: each turn has room for one slice, whoever works. */
export function nextTurn(): Promise<void> {
  turn = turn.then(() => setImmediate());
  return turn;
}

/** Visits all `items`, and yields to the event loop every 2 ms. A single visit has to be short. */
export async function visitInSlices<T>(items: Iterable<T>, visit: (item: T) => void): Promise<void> {
  let sliceEnd = performance.now() + WORK_MS;
  for (const item of items) {
    visit(item);
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + WORK_MS;
  }
}

/** When the first work of `inSlices` in this turn of the event loop began; null before it. */
let sliceBegan: number | null = null;

/**
 * Returns what `work` returns: at once where the work of this turn of the event loop, with what was done with it since, has taken less than
 * 2 ms, and else in a turn of its own. For what many callers who do not know of each other do one after the other, as resolvers of one
 * field.
 */
export function inSlices<T>(work: () => T): T | Promise<T> {
  if (sliceBegan === null) {
    sliceBegan = performance.now();
    onNextTurn(() => {
      sliceBegan = null;
    });
  }
  return performance.now() - sliceBegan < WORK_MS ? work() : nextTurn().then(work);
}
