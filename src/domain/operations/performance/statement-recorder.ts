import { v7 as uuidv7 } from 'uuid';
import { isOutage } from '#adapters/database/outages.ts';
import { noStatements, type SlowStatement } from '#adapters/database/query-stats.ts';
import type { Services } from '#domain/core/deps.ts';

/** How long statements are counted before a process stores all counts in one statement. */
const STORE_AFTER_MS = 5_000;
/** How many slow statements are kept per interval, the slowest ones: an overloaded database is not burdened with all of them. */
const MAX_SLOW = 10;
const HOUR_MS = 3_600_000;

/**
 * Stores the durations of this process's statements per hour, and the slow statements: some seconds after a statement, never in the path of
 * a request, and not at all while idle. Returns a function that stops it after storing the rest.
 */
export function recordStatements({ database, now, log }: Pick<Services, 'database' | 'now' | 'log'>) {
  const { stats, sql } = database;
  const processId = uuidv7();
  let slow: (SlowStatement & { at: string })[] = [];
  let ofHour = { hour: 0, ...noStatements() };
  let timer: NodeJS.Timeout | undefined;
  let storing = Promise.resolve();

  const count = () => {
    const hour = Math.floor(now().getTime() / HOUR_MS) * HOUR_MS;
    if (hour !== ofHour.hour) ofHour = { hour, ...noStatements() };
    const { statements, slow, totalMs, buckets } = stats.takeRecent();
    ofHour.statements += statements;
    ofHour.slow += slow;
    ofHour.totalMs += totalMs;
    for (const [bucket, more] of buckets.entries()) ofHour.buckets[bucket] = (ofHour.buckets[bucket] ?? 0) + more;
  };
  const store = async () => {
    timer = undefined;
    count();
    const kept = slow;
    slow = [];
    const { hour, statements, slow: slowCount, totalMs, buckets } = ofHour;
    const values = [processId, new Date(hour), now(), statements, slowCount, totalMs, buckets, JSON.stringify(kept)];
    await sql(STORE, values).catch((error: unknown) => {
      if (!isOutage(error)) log.warn({ err: error }, 'what statements took could not be stored');
    });
  };
  const storeSoon = () => {
    timer ??= setTimeout(() => {
      storing = store();
    }, STORE_AFTER_MS).unref();
  };
  stats.onAsked = storeSoon;
  stats.onSlow = (statement) => {
    slow.push({ at: now().toISOString(), ...statement });
    slow.sort((one, other) => other.durationMs - one.durationMs).splice(MAX_SLOW);
  };
  return async () => {
    stats.onAsked = undefined;
    stats.onSlow = undefined;
    await storing;
    if (!timer) return;
    clearTimeout(timer);
    await store();
  };
}

/** Replaces this process's counts of the hour ($1 to $7), and adds slow statements ($8, JSON). */
const STORE = /* sql */ `
WITH counted AS (
  INSERT INTO statement_counts (process_id, hour, stored_at, statements, slow, total_ms, buckets)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (process_id, hour) DO UPDATE SET stored_at = EXCLUDED.stored_at, statements = EXCLUDED.statements,
    slow = EXCLUDED.slow, total_ms = EXCLUDED.total_ms, buckets = EXCLUDED.buckets
)
INSERT INTO slow_statements (id, at, duration_ms, sql, operation_name)
SELECT gen_random_uuid(), s.at, s."durationMs", s.sql, s."operationName"
FROM json_to_recordset($8::json) AS s(at timestamptz, "durationMs" float8, sql text, "operationName" text)`;
