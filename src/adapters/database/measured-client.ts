import type { Socket } from 'node:net';
import pg from 'pg';
import type { Logger } from '#adapters/log.ts';
import { placeOfSpan, recordSpan } from '#adapters/tracing.ts';
import type { QueryStats } from './query-stats.ts';
import { addStatement, currentTallies, namesOf, type Tally } from './tally.ts';

/** How many characters of a statement are logged. */
const MAX_SHOWN = 1_000;

type Callback = (error: Error | null, result: unknown) => void;

/** A statement that was sent, and for whom: responses arrive in the async context of the socket. */
type Statement = {
  text: string;
  startedAt: number;
  place: ReturnType<typeof placeOfSpan>;
  tallies: readonly Tally[];
};

/** pg's message for a query whose result did not arrive within query_timeout. */
const READ_TIMEOUT = 'Query read timeout';

/**
 * Creates a class of pg clients that record the time of every statement, whoever sends it: loaders, Prisma, pg-boss. A client that gives
 * up on a query is closed. pg would leave it waiting: Prisma would then return it to the pool with its transaction open, and its next
 * user would commit what another user was told had failed.
 */
export function createMeasuredClient(
  stats: QueryStats,
  { sqlEcho }: { sqlEcho: boolean },
  log: Logger,
): typeof pg.Client {
  const record = ({ text, startedAt, place, tallies }: Statement, error: Error | null, rows: number) => {
    const durationMs = performance.now() - startedAt;
    recordSpan('sql', { 'db.query.text': text.slice(0, MAX_SHOWN) }, { place, durationMs, error });
    addStatement(tallies, durationMs, rows);
    const isSlow = stats.record(durationMs, error !== null, tallies.length > 0);
    if (!sqlEcho && !isSlow) return;
    const sql = shorten(text);
    const operation = namesOf(tallies);
    const line = { sql, durationMs, ...(operation !== null && { operation }) };
    if (sqlEcho) log.info(line, 'sql');
    else log.warn(line, 'slow query');
    if (isSlow) stats.onSlow?.({ sql, durationMs, operationName: operation });
  };
  return class MeasuredClient extends pg.Client {
    // biome-ignore lint/suspicious/noExplicitAny: pg overloads `query` seven ways; this passes all of them on.
    override query(...args: any[]): any {
      const settle = (error: Error | null, result?: unknown) => {
        record(statement, error, countRows(result));
        if (error?.message === READ_TIMEOUT) this.#cut();
      };
      const statement: Statement = {
        text: typeof args[0] === 'string' ? args[0] : (args[0]?.text ?? ''),
        startedAt: performance.now(),
        place: placeOfSpan(),
        tallies: currentTallies(),
      };
      const callback = args.at(-1);
      if (typeof callback === 'function') {
        args[args.length - 1] = ((error, result) => {
          settle(error, result);
          (callback as Callback)(error, result);
        }) satisfies Callback;
        return super.query(...(args as [string]));
      }
      const result = super.query(...(args as [string])) as unknown;
      if (result instanceof Promise) {
        result.then(
          (value) => settle(null, value),
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

function shorten(text: string): string {
  const line = text
    .slice(0, 2 * MAX_SHOWN)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}

/** Returns the number of rows of a result, which is an array of results if a text had several statements. */
function countRows(result: unknown): number {
  return (result as { rowCount?: number | null } | undefined)?.rowCount ?? 0;
}
