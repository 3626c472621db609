import type { Database } from '#adapters/database/database.ts';
import type { AccessHolder } from './access-holder.ts';

/** The users whose files are being sent to whoever has a signed address. */
export class WatchedUsers {
  readonly #database: Pick<Database, 'sql'>;
  readonly #holders = new Map<string, Set<AccessHolder>>();

  constructor(database: Pick<Database, 'sql'>) {
    this.#database = database;
  }

  get size(): number {
    return this.#holders.size;
  }

  /** Adds a connection, and returns a function that removes it. A user who is suspended already is found out at once. */
  add(userId: string, holder: AccessHolder): () => void {
    const holders = this.#holders.get(userId) ?? new Set();
    holders.add(holder);
    this.#holders.set(userId, holders);
    if (holders.size === 1) void this.#check([userId]);
    return () => {
      holders.delete(holder);
      if (holders.size === 0 && this.#holders.get(userId) === holders) this.#holders.delete(userId);
    };
  }

  /** Ends the connections of users who are suspended or gone. An outage of the database ends none. */
  checkAll(): Promise<void> {
    return this.#check([...this.#holders.keys()]);
  }

  async #check(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const active = 'SELECT id FROM users WHERE id = ANY($1::uuid[]) AND suspended_at IS NULL';
    const rows = await this.#database.sql<{ id: string }>(active, [ids]).catch(() => null);
    if (rows === null) return;
    const left = new Set(rows.map(({ id }) => id));
    for (const id of ids) if (!left.has(id)) for (const holder of this.#holders.get(id) ?? []) holder.onAccessEnded();
  }
}
