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
    return new PayerHold(this, payer);
  }

  /** Counts `bytes` more of a hold that has `own`. Throws RATE_LIMITED if that is too many, and then does not count them. */
  grow(payer: string, own: number, bytes: number): void {
    const held = this.#byPayer.get(payer) ?? 0;
    if (held > own && held + bytes > this.#max) throw this.#createTooMany();
    this.#byPayer.set(payer, held + bytes);
  }

  shrink(payer: string, bytes: number): void {
    const left = (this.#byPayer.get(payer) ?? 0) - bytes;
    if (left > 0) this.#byPayer.set(payer, left);
    else this.#byPayer.delete(payer);
  }

  #createTooMany() {
    const mebibytes = Math.round(this.#max / 2 ** 20);
    return createRateLimitError(`${this.#held} hold ${mebibytes} MiB, the most of one user at once`, 1);
  }
}

/** A class, because every request has one: closures would take four times the memory. */
class PayerHold implements Hold {
  readonly #all: HeldBytes;
  readonly #payer: string;
  #bytes = 0;
  #isReleased = false;

  constructor(all: HeldBytes, payer: string) {
    this.#all = all;
    this.#payer = payer;
  }

  add(bytes: number): void {
    if (this.#isReleased) return;
    this.#all.grow(this.#payer, this.#bytes, bytes);
    this.#bytes += bytes;
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#all.shrink(this.#payer, this.#bytes);
  }
}
