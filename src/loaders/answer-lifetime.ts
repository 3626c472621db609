/**
 * Until when an answer stays valid if nobody writes: some of what it contains changes by itself, such as a memory that expires. In
 * milliseconds since 1970, by the clock of the database.
 */
export class AnswerLifetime {
  #endsAt = Number.POSITIVE_INFINITY;

  get endsAt(): number {
    return this.#endsAt;
  }

  /** Records that a part of the answer changes by itself at a moment; null for never. */
  endAt(moment: Date | null): void {
    if (moment) this.#endsAt = Math.min(this.#endsAt, moment.getTime());
  }

  /** Records that a part of the answer may change at any time. */
  end(): void {
    this.#endsAt = 0;
  }
}
