/**
 * Until when an answer stays what it is while nobody writes: what is read for it may change by itself, as a memory that expires.
 * Milliseconds since 1970, by the clock of the database.
 */
export class AnswerLifetime {
  #endsAt = Number.POSITIVE_INFINITY;

  get endsAt(): number {
    return this.#endsAt;
  }

  /** Says that something of it changes at a moment, by itself; null for never. */
  endAt(moment: Date | null): void {
    if (moment) this.#endsAt = Math.min(this.#endsAt, moment.getTime());
  }

  /** Says that something of it may be another at any time. */
  end(): void {
    this.#endsAt = 0;
  }
}
