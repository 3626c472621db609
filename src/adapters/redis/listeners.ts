/** Called when something was published; the database says what it was. */
export type Wake = () => void;

/** The readers of channels in this process. */
export class Listeners {
  readonly #byChannel = new Map<string, Set<Wake>>();

  /** Returns whether it is the channel's first. */
  add(channel: string, wake: Wake): boolean {
    const wakes = this.#byChannel.get(channel);
    if (wakes) wakes.add(wake);
    else this.#byChannel.set(channel, new Set([wake]));
    return !wakes;
  }

  /** Returns whether it was the channel's last. */
  remove(channel: string, wake: Wake): boolean {
    const wakes = this.#byChannel.get(channel);
    if (!wakes?.delete(wake) || wakes.size > 0) return false;
    return this.#byChannel.delete(channel);
  }

  wake(channel: string): void {
    for (const wake of [...(this.#byChannel.get(channel) ?? [])]) wake();
  }

  get channels(): string[] {
    return [...this.#byChannel.keys()];
  }
}
