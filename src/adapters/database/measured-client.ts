import type { Socket } from 'node:net';
import pg from 'pg';
import type { Logger } from '#adapters/log.ts';
import type { QueryStats } from './query-stats.ts';

/** Characters of a statement in the log. */
const MAX_SHOWN = 1_000;

type Callback = (error: Error | null, result: unknown) => void;

/** What pg says of a query whose result did not come within query_timeout. */
const READ_TIMEOUT = 'Query read timeout';

/**
 * Creates a class of pg clients that record the time of every statement, whoever sends it: loaders, Prisma, pg-boss. One that
 * gives a query up is closed. pg would leave it waiting: Prisma then hands it back to the pool with its transaction open, and
 * whoever gets it next would commit what a user was told had failed.
 */
export function createMeasuredClient(
  stats: QueryStats,
  { sqlEcho }: { sqlEcho: boolean },
  log: Logger,
): typeof pg.Client {
  const record = (text: string, startedAt: number, error: Error | null) => {
    const durationMs = performance.now() - startedAt;
    const isSlow = stats.record(durationMs, error !== null);
    if (!sqlEcho && !isSlow) return;
    const sql = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
    if (sqlEcho) log.info({ sql, durationMs }, 'sql');
    else log.warn({ sql, durationMs }, 'slow query');
  };
  return class MeasuredClient extends pg.Client {
    // biome-ignore lint/suspicious/noExplicitAny: pg overloads `query` seven ways; this passes all of them on.
    override query(...args: any[]): any {
      const settle = (error: Error | null) => {
        record(sql, startedAt, error);
        if (error?.message === READ_TIMEOUT) this.#cut();
      };
      const sql = typeof args[0] === 'string' ? args[0] : (args[0]?.text ?? '');
      const startedAt = performance.now();
      const callback = args.at(-1);
      if (typeof callback === 'function') {
        args[args.length - 1] = ((error, result) => {
          settle(error);
          (callback as Callback)(error, result);
        }) satisfies Callback;
        return super.query(...(args as [string]));
      }
      const result = super.query(...(args as [string])) as unknown;
      if (result instanceof Promise) {
        result.then(
          () => settle(null),
          (error: Error) => settle(error),
        );
      }
      return result;
    }

    #cut(): void {
      (this as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    }
  };
}
