import { setImmediate } from 'node:timers/promises';

/** Work stops for other events this often. Whoever answers a user meanwhile takes some twenty turns of the event loop. */
const WORK_MS = 2;

let turn: Promise<void> = Promise.resolve();

/** Resolves in the next turn of the event loop that nobody else works in: each has room for one slice, whoever works. */
export function nextTurn(): Promise<void> {
  turn = turn.then(() => setImmediate());
  return turn;
}

/** Walks over `items`, giving the event loop its turn every 2 ms. One visit must be short. */
export async function visitInSlices<T>(items: Iterable<T>, visit: (item: T) => void): Promise<void> {
  let sliceEnd = performance.now() + WORK_MS;
  for (const item of items) {
    visit(item);
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + WORK_MS;
  }
}
