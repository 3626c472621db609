import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { CHECKOUT_TIMEOUT, SHARE_TIMEOUT } from './outages.ts';
import { readAsker, Shares } from './shares.ts';

/** The transaction that the caller runs in, which has a connection of its own until it ends. */
const transactions = new AsyncLocalStorage<{ ended: boolean }>();

/** What pg calls back with; its types leave out that there is no client beside an error. */
type OnConnect = (
  error: Error | undefined,
  client?: pg.PoolClient,
  release?: (error?: Error | boolean) => void,
) => void;

/**
 * A pool whose callers go on as themselves, and of which one user gets half at most. In pg's own, whoever waited for a connection is called
 * back by whoever gives one back, so that statements would count for that one (DataDog/dd-trace-js#8825).
 */
export class AttributedPool extends pg.Pool {
  readonly #shares: Shares;
  /** Whose share the clients that are in use belong to. */
  readonly #users = new WeakMap<pg.PoolClient, string>();

  constructor(config: pg.PoolConfig & { max: number; connectionTimeoutMillis: number }) {
    super(config);
    this.#shares = new Shares(Math.ceil(config.max / 2), config.connectionTimeoutMillis);
    this.on('release', (_error, client) => this.#giveBack(client));
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `connect`; this has both.
  override connect(callback?: any): any {
    if (callback) return this.#connect(AsyncLocalStorage.bind(callback as OnConnect));
    return new Promise((resolve, reject) => {
      this.#connect((error, client) => (error ? reject(error) : resolve(client)));
    });
  }

  #connect(done: OnConnect): void {
    const userId = readAsker();
    if (transactions.getStore()?.ended === false) done(new SecondConnection());
    else if (userId === null) this.#connectFor(null, done);
    else
      this.#shares.take(
        userId,
        () => this.#connectFor(userId, done),
        (othersWereServed) => done(new Error(othersWereServed ? SHARE_TIMEOUT : CHECKOUT_TIMEOUT)),
      );
  }

  #connectFor(userId: string | null, done: OnConnect): void {
    const onConnect: OnConnect = (error, client, release) => {
      if (client && userId !== null) this.#users.set(client, userId);
      else if (userId !== null) this.#shares.give(userId);
      done(error, client, release);
    };
    super.connect(onConnect as Parameters<pg.Pool['connect']>[0]);
  }

  /** A little later, when pg has the connection back: for who waits it would open another one. */
  #giveBack(client: pg.PoolClient): void {
    const userId = this.#users.get(client);
    if (userId === undefined) return;
    this.#users.delete(client);
    queueMicrotask(() => this.#shares.give(userId));
  }
}

/** Runs what a transaction does; until it ends, it gets no connection beside that of the transaction. */
export async function withinTransaction<T>(run: () => Promise<T>): Promise<T> {
  const transaction = { ended: false };
  try {
    return await transactions.run(transaction, run);
  } finally {
    transaction.ended = true;
  }
}

/**
 * A transaction asked for another connection. The embedded database has one: `renderClip` waited for it, with all users, until its
 * transaction timed out. On PostgreSQL as many such transactions as the pool has connections wait for each other.
 */
class SecondConnection extends Error {
  constructor() {
    super('A transaction asked for a second connection; read by its own client.');
  }
}
