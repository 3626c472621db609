import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import pg from 'pg';
import { CHECKOUT_TIMEOUT, markUnsent, SHARE_TIMEOUT } from './outages.ts';
import { readAsker, Shares } from './shares.ts';

/** The transaction in which the caller runs, which has a connection of its own until it ends. */
const transactions = new AsyncLocalStorage<{ ended: boolean }>();

/** pg's callback; its types omit that there is no client when there is an error. */
type OnConnect = (
  error: Error | undefined,
  client?: pg.PoolClient,
  release?: (error?: Error | boolean) => void,
) => void;

/**
 * A pool that keeps each caller's async context, and of which one user gets at most half. In pg's own pool, a waiting caller is called
 * back in the context of whoever releases a connection, so that its statements would be attributed to that one
 * (DataDog/dd-trace-js#8825).
 */
export class AttributedPool extends pg.Pool {
  readonly #shares: Shares;
  /** Whose share each client in use counts toward. */
  readonly #users = new WeakMap<pg.PoolClient, string>();

  constructor(config: pg.PoolConfig & { max: number; connectionTimeoutMillis: number }) {
    super(config);
    this.#shares = new Shares(Math.ceil(config.max / 2), config.connectionTimeoutMillis);
    this.on('release', (_error, client) => this.#giveBack(client));
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `connect`; this has both.
  override connect(callback?: any): any {
    if (callback) return this.#connect(bindContext(callback as OnConnect));
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
      if (error) markUnsent(error);
      done(error, client, release);
    };
    super.connect(onConnect as Parameters<pg.Pool['connect']>[0]);
  }

  /** Deferred until pg has the connection back: otherwise the next waiting caller would open another one. */
  #giveBack(client: pg.PoolClient): void {
    const userId = this.#users.get(client);
    if (userId === undefined) return;
    this.#users.delete(client);
    queueMicrotask(() => this.#shares.give(userId));
  }
}

/**
 * Returns the callback bound to the present async context. `AsyncLocalStorage.bind` defines properties of each function that it returns,
 * for which V8 makes a hidden class in the old space; that one keeps the callback, and all that it refers to, until the next full
 * collection: three quarters of all that requests had read survived their end.
 */
function bindContext(callback: OnConnect): OnConnect {
  const context = new AsyncResource('PARLEY_CHECKOUT');
  return (error, client, release) => context.runInAsyncScope(callback, undefined, error, client, release);
}

/** Runs the body of a transaction; until it ends, it gets no other connection than the transaction's. */
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
