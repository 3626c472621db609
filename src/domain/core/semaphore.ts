/** Hands out a limited amount of something, first come, first served. */
export type Semaphore = {
  /** Resolves when `amount` is free, and has been taken; returns how to give it back. More than there is waits for all. */
  take(amount?: number): Promise<() => void>;
  /** Whether nothing is taken, and nobody waits. */
  isIdle(): boolean;
  /** How many wait. */
  waiting(): number;
};

/** Creates a semaphore that hands out `capacity`. */
export const createSemaphore = (capacity: number): Semaphore => new Queue(capacity);

/** A class, as every socket and every operation has one: closures would take five times the memory. */
class Queue implements Semaphore {
  readonly #capacity: number;
  #free: number;
  /** Made when somebody has to wait. */
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
