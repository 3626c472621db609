import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

/** The transaction that the caller runs in, which has a connection of its own until it ends. */
const transactions = new AsyncLocalStorage<{ ended: boolean }>();

/**
 * A pool whose callers go on as themselves. In pg's own, whoever waited for a connection is called back by whoever gives one back, so
 * that statements would count for that one (DataDog/dd-trace-js#8825).
 */
export class AttributedPool extends pg.Pool {
  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `connect`; this passes both on.
  override connect(callback?: any): any {
    const inTransaction = transactions.getStore()?.ended === false;
    if (callback)
      return inTransaction ? callback(new SecondConnection()) : super.connect(AsyncLocalStorage.bind(callback));
    return inTransaction ? Promise.reject(new SecondConnection()) : super.connect();
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
