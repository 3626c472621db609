import type { Socket } from 'node:net';
import pg from 'pg';
import type { Logger } from '#adapters/log.ts';
import { placeOfSpan, recordSpan } from '#adapters/tracing.ts';
import type { QueryStats } from './query-stats.ts';
import { addStatement, currentTallies, namesOf, type Tally } from './tally.ts';

/** How many characters of a statement are logged. */
const MAX_SHOWN = 1_000;

type Callback = (error: Error | null, result?: unknown) => void;

/** A statement that was sent, and for whom: responses arrive in the async context of the socket. */
type Statement = {
  text: string;
  startedAt: number;
  place: ReturnType<typeof placeOfSpan>;
  tallies: readonly Tally[];
};

/** pg's message for a query whose result did not arrive in time. */
const READ_TIMEOUT = 'Query read timeout';

type Settings = {
  sqlEcho: boolean;
  /** How long a client waits for the result of a statement that has no `query_timeout` of its own. */
  queryTimeoutMs: number;
};

/**
 * Creates a class of pg clients that record the time of every statement, whoever sends it: loaders, Prisma, pg-boss. A client that gives
 * up on a query is closed. pg would leave it waiting: Prisma would then return it to the pool with its transaction open, and its next
 * user would commit what another user was told had failed.
 */
export function createMeasuredClient(
  stats: QueryStats,
  { sqlEcho, queryTimeoutMs }: Settings,
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
    // biome-ignore lint/suspicious/noExplicitAny: pg overloads `query` seven ways; this takes a text or a query, its values, and a callback, if any.
    override query(query: any, ...rest: any[]): any {
      const callback = rest.at(-1);
      if (typeof callback === 'function') return this.#send(query, rest.slice(0, -1), callback as Callback);
      return new Promise((resolve, reject) => {
        // A copy: pg keeps the callback in the query that it is given, and would call it for the next use of that query.
        const copy = typeof query === 'string' ? query : { ...query };
        this.#send(copy, rest, (error, result) => (error ? reject(error) : resolve(result)));
      });
    }

    /**
     * Sends a query, always with a callback and with a timeout of our own. With neither, or with its own timeout, pg assigns a function
     * to the query, and V8 puts functions that are assigned to a property into its old space: until the next full collection each kept
     * all rows of its statement (docs/performance.md).
     */
    #send(
      query: string | (pg.QueryConfig & { query_timeout?: number }),
      [values]: unknown[],
      callback: Callback,
    ): void {
      const isText = typeof query === 'string';
      const statement: Statement = {
        text: isText ? query : query.text,
        startedAt: performance.now(),
        place: placeOfSpan(),
        tallies: currentTallies(),
      };
      const timeoutMs = isText || query.query_timeout === undefined ? queryTimeoutMs : null;
      const timer = timeoutMs === null ? null : setTimeout(() => settle(new Error(READ_TIMEOUT)), timeoutMs);
      let isSettled = false;
      const settle: Callback = (error, result) => {
        if (isSettled) return; // by the timeout
        isSettled = true;
        if (timer) clearTimeout(timer);
        record(statement, error, countRows(result));
        if (error?.message === READ_TIMEOUT) this.#cut();
        callback(error, result);
      };
      super.query(query as string, values as unknown[], settle);
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
