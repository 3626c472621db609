import { createRateLimitError } from '#http/rate-limits.ts';

/** The bytes that one request or subscription holds. */
export type Hold = {
  /** Counts more bytes until the release. Throws RATE_LIMITED if the payer would hold too many, and then does not count them. */
  add(bytes: number): void;
  /** Uncounts all of them. */
  release(): void;
};

/** Counts the bytes that are held for each payer in this process. A single hold may be of any size if it is the only one. */
export class HeldBytes {
  readonly #max: number;
  readonly #held: string;
  readonly #byPayer = new Map<string, number>();

  /** `held` is the beginning of the error's sentence, and names what holds the bytes. */
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
