import { currentTallies } from './tally.ts';

/** What one user has of a pool, how often some of it came back, and what of theirs waits for that. */
type Share = { held: number; returned: number; waiting: { begin: () => void; timer: NodeJS.Timeout }[] };

/**
 * Leaves connections of a pool to others, however much one user asks for at once. Sixty searches of one, or sixty writes that waited for
 * each other, had them all, and the smallest query of another user waited for 11 s.
 */
export class Shares {
  readonly #limit: number;
  readonly #timeoutMs: number;
  readonly #byUser = new Map<string, Share>();

  /** A user has up to `limit` connections; who waits for longer than `timeoutMs` gets none. */
  constructor(limit: number, timeoutMs: number) {
    this.#limit = limit;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Calls `begin` when the user may have a connection more, or `giveUp` where it takes too long: because others of theirs were served
   * meanwhile, or else because the database serves nothing of theirs.
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

  /** Says that the user has a connection less: the next of theirs gets it. */
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

/** Returns the one user that a statement is for; null where it is for several, as a batch may be, or for nobody. */
export function readAsker(): string | null {
  const [first = null, ...others] = new Set(currentTallies().flatMap(({ userId }) => userId ?? []));
  return others.length === 0 ? first : null;
}
