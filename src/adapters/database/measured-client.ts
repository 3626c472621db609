import pg from 'pg';
import type { Logger } from '#adapters/log.ts';
import type { QueryStats } from './query-stats.ts';

/** Of a statement, in the log and in reports. */
const MAX_SHOWN = 1_000;

type Callback = (error: Error | null, result: unknown) => void;

/** A pg client that times every statement, whoever sends it: loaders, Prisma, the job engine. */
export function createMeasuredClient(stats: QueryStats, { sqlEcho }: { sqlEcho: boolean }, log: Logger): typeof pg.Client {
  const record = (text: string, startedAt: number, error: Error | null) => {
    const durationMs = performance.now() - startedAt;
    const sql = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
    const isSlow = stats.record(sql, durationMs, error !== null);
    if (sqlEcho) log.info({ sql, durationMs }, 'sql');
    else if (isSlow) log.warn({ sql, durationMs }, 'slow query');
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
      const answer = super.query(...(args as [string])) as unknown;
      if (answer instanceof Promise) {
        answer.then(
          () => record(sql, startedAt, null),
          (error: Error) => record(sql, startedAt, error),
        );
      }
      return answer;
    }
  };
}
