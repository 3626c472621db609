/** An item in a FairQueue; its owner is a user's id. */
export type Owned = { owner: string };

/** A queue in which owners take turns, however many items each of them has. */
export class FairQueue<Item extends Owned> {
  readonly #items = new Map<string, Item[]>();

  push(item: Item): void {
    const items = this.#items.get(item.owner);
    if (items) items.push(item);
    else this.#items.set(item.owner, [item]);
  }

  /** Removes and returns the first item of the first owner who is not in `except`. */
  take(except: ReadonlySet<string>): Item | undefined {
    for (const [owner, items] of this.#items) {
      if (except.has(owner)) continue;
      const first = items.shift();
      if (items.length === 0) this.#items.delete(owner);
      return first;
    }
    return undefined;
  }

  /** Moves an owner behind all others, once a task of theirs is done. */
  endTurn(owner: string): void {
    const items = this.#items.get(owner);
    if (!items) return;
    this.#items.delete(owner);
    this.#items.set(owner, items);
  }

  /** Removes an item; returns whether it was there. */
  remove(item: Item): boolean {
    const items = this.#items.get(item.owner) ?? [];
    const others = items.filter((other) => other !== item);
    if (others.length > 0) this.#items.set(item.owner, others);
    else this.#items.delete(item.owner);
    return others.length < items.length;
  }

  /** Removes and returns all items. */
  drain(): Item[] {
    const items = [...this.#items.values()].flat();
    this.#items.clear();
    return items;
  }
}
