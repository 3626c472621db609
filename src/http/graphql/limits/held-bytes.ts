import { createRateLimitError } from '#http/rate-limits.ts';

/** What one request, or one subscription, holds of its payer's bytes. */
export type Hold = {
  /** Counts more, until the release. Throws RATE_LIMITED where the payer holds too many; then these do not count. */
  add(bytes: number): void;
  /** Gives all of them back. */
  release(): void;
};

/** Counts the bytes that are held for each payer in this process. One hold alone may have any size. */
export class HeldBytes {
  readonly #max: number;
  readonly #held: string;
  readonly #byPayer = new Map<string, number>();

  /** `held` says what holds them, as the beginning of a sentence. */
  constructor(max: number, held: string) {
    this.#max = max;
    this.#held = held;
  }

  open(payer: string): Hold {
    let own = 0;
    let isOver = false;
    return {
      add: (bytes) => {
        const others = (this.#byPayer.get(payer) ?? 0) - own;
        if (isOver) return;
        if (others > 0 && others + own + bytes > this.#max) throw this.#createTooMany();
        own += bytes;
        this.#byPayer.set(payer, others + own);
      },
      release: () => {
        if (isOver) return;
        isOver = true;
        const others = (this.#byPayer.get(payer) ?? 0) - own;
        if (others > 0) this.#byPayer.set(payer, others);
        else this.#byPayer.delete(payer);
      },
    };
  }

  #createTooMany() {
    const mebibytes = Math.round(this.#max / 2 ** 20);
    return createRateLimitError(`${this.#held} hold ${mebibytes} MiB, the most of one user at once`, 1);
  }
}
