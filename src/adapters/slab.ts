/**
 * The items that are there at the moment, for those that come and go with every request or statement. A Set would not do: as items are
 * added and deleted, V8 replaces its table, and each former table refers to the next. A single one in the old space then keeps all later
 * ones until the next full collection, with the items that were in them: garbage collection took half of the CPU time of small requests.
 */
export class Slab<Item extends object> implements Iterable<Item> {
  readonly #places: (Item | null)[] = [];
  readonly #free: number[] = [];

  /** Adds an item. Returns the function that removes it, which must be called only once. */
  add(item: Item): () => void {
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = item;
    return () => {
      this.#places[place] = null;
      this.#free.push(place);
    };
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const item of this.#places) if (item) yield item;
  }
}
