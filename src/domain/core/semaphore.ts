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
export function createSemaphore(capacity: number): Semaphore {
  let free = capacity;
  const waiting: { amount: number; begin: () => void }[] = [];
  const admit = () => {
    for (let next = waiting[0]; next && next.amount <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.amount;
      next.begin();
    }
  };
  return {
    take(wanted = 1) {
      const amount = Math.min(wanted, capacity);
      let taken = true;
      const release = () => {
        if (taken) free += amount;
        taken = false;
        if (waiting.length > 0) admit();
      };
      if (waiting.length === 0 && amount <= free) {
        free -= amount;
        return Promise.resolve(release);
      }
      return new Promise((resolve) => {
        waiting.push({ amount, begin: () => resolve(release) });
      });
    },
    isIdle: () => free === capacity,
    waiting: () => waiting.length,
  };
}
