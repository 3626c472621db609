/** Something that is checked regularly. */
export type Checked = { check(): void };

/** The interval at which each socket is checked for a living peer. */
const CHECK_INTERVAL_MS = 6_000;
/** Each slot is checked in one turn of the event loop: 170 of ten thousand sockets. */
const SLOTS = 60;

/**
 * Checks sockets for a living peer, with one timer for all of them. Sockets that are opened together, as after a restart, are spread over
 * the interval: to ping thousands of them at once would block the event loop.
 */
export class CheckWheel {
  readonly #slots: readonly Set<Checked>[] = Array.from({ length: SLOTS }, () => new Set());
  #added = 0;
  #current = 0;
  #size = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Checks it once per interval from now on. */
  add(checked: Checked): void {
    this.#added += 1;
    this.#slots[this.#added % SLOTS]?.add(checked);
    this.#size += 1;
    this.#timer ??= setInterval(() => this.#turn(), CHECK_INTERVAL_MS / SLOTS);
  }

  delete(checked: Checked): void {
    if (!this.#slots.some((slot) => slot.delete(checked))) return;
    this.#size -= 1;
    if (this.#size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #turn(): void {
    this.#current = (this.#current + 1) % SLOTS;
    for (const checked of this.#slots[this.#current] ?? []) checked.check();
  }
}
