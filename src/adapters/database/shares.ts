import { currentTallies } from './tally.ts';

/** How much of a pool a user has, how often some of it was returned, and which of their statements wait for it. */
type Share = { held: number; returned: number; waiting: { begin: () => void; timer: NodeJS.Timeout }[] };

/**
 * Reserves connections of a pool for other users, however much one user asks for at once. Sixty searches of one user, or sixty writes
 * that waited for each other, had occupied all of them, and the smallest query of another user waited for 11 s.
 */
export class Shares {
  readonly #limit: number;
  readonly #timeoutMs: number;
  readonly #byUser = new Map<string, Share>();

  /** A user has up to `limit` connections; a statement that waits for longer than `timeoutMs` gets none. */
  constructor(limit: number, timeoutMs: number) {
    this.#limit = limit;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Calls `begin` once the user may have another connection, or `giveUp` if that takes too long: either because other statements of
   * theirs were served meanwhile, or because the database serves none of them.
   */
  take(userId: string, begin: () => void, giveUp: (othersWereServed: boolean) => void): void {
    const share = this.#byUser.get(userId) ?? { held: 0, returned: 0, waiting: [] };
    this.#byUser.set(userId, share);
    if (share.held < this.#limit) {
      share.held += 1;
      begin();
      return;
    }
    const { returned } = share;
    const timer = setTimeout(() => {
      share.waiting = share.waiting.filter((each) => each.timer !== timer);
      giveUp(share.returned > returned);
    }, this.#timeoutMs);
    share.waiting.push({ begin, timer });
  }

  /** Returns a connection of the user: their next statement gets it. */
  give(userId: string): void {
    const share = this.#byUser.get(userId);
    if (!share) return;
    share.returned += 1;
    const next = share.waiting.shift();
    if (next) {
      clearTimeout(next.timer);
      next.begin();
      return;
    }
    share.held -= 1;
    if (share.held === 0) this.#byUser.delete(userId);
  }
}

/** Returns the one user that a statement is for; null if it is for several, like some batches, or for nobody. */
export function readAsker(): string | null {
  const [first = null, ...others] = new Set(currentTallies().flatMap(({ userId }) => userId ?? []));
  return others.length === 0 ? first : null;
}
