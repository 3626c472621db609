import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

/**
 * A pool whose callers go on as themselves. In pg's own, whoever waited for a connection is called back by whoever gives one back, so
 * that statements would count for that one (DataDog/dd-trace-js#8825).
 */
export class AttributedPool extends pg.Pool {
  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `connect`; this passes both on.
  override connect(callback?: any): any {
    return callback ? super.connect(AsyncLocalStorage.bind(callback)) : super.connect();
  }
}
