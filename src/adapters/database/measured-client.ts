import pg from 'pg';
import type { Logger } from '#adapters/log.ts';
import type { QueryStats } from './query-stats.ts';

/** Characters of a statement in the log. */
const MAX_SHOWN = 1_000;

type Callback = (error: Error | null, result: unknown) => void;

/**
 * Creates a class of pg clients that record the time of every statement, whoever sends it: loaders, Prisma, pg-boss.
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
      const sql = typeof args[0] === 'string' ? args[0] : (args[0]?.text ?? '');
      const startedAt = performance.now();
      const callback = args.at(-1);
      if (typeof callback === 'function') {
        args[args.length - 1] = ((error, result) => {
          record(sql, startedAt, error);
          (callback as Callback)(error, result);
        }) satisfies Callback;
        return super.query(...(args as [string]));
      }
      const result = super.query(...(args as [string])) as unknown;
      if (result instanceof Promise) {
        result.then(
          () => record(sql, startedAt, null),
          (error: Error) => record(sql, startedAt, error),
        );
      }
      return result;
    }
  };
}
