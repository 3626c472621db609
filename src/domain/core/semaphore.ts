/** A counting semaphore: first come, first served. */
export type Semaphore = {
  /** Resolves once `amount` has been acquired, with a function that releases it. An amount above the capacity waits for all of it. */
  take(amount?: number): Promise<() => void>;
  /** Whether nothing is acquired, and nobody waits. */
  isIdle(): boolean;
  /** The number of waiters. */
  waiting(): number;
};

/** Creates a semaphore of the given capacity. */
export const createSemaphore = (capacity: number): Semaphore => new Queue(capacity);

/** A class, because every socket and every operation has one: closures would take five times the memory. */
class Queue implements Semaphore {
  readonly #capacity: number;
  #free: number;
  /** Created when somebody first has to wait. */
  #queue: { amount: number; begin: () => void }[] | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#free = capacity;
  }

  take(wanted = 1): Promise<() => void> {
    const amount = Math.min(wanted, this.#capacity);
    let taken = true;
    const release = () => {
      if (taken) this.#free += amount;
      taken = false;
      this.#admit();
    };
    if (this.waiting() === 0 && amount <= this.#free) {
      this.#free -= amount;
      return Promise.resolve(release);
    }
    return new Promise((resolve) => {
      this.#queue ??= [];
      this.#queue.push({ amount, begin: () => resolve(release) });
    });
  }

  isIdle(): boolean {
    return this.#free === this.#capacity;
  }

  waiting(): number {
    return this.#queue?.length ?? 0;
  }

  #admit(): void {
    for (let next = this.#queue?.[0]; next && next.amount <= this.#free; next = this.#queue?.[0]) {
      this.#queue?.shift();
      this.#free -= next.amount;
      next.begin();
    }
  }
}
