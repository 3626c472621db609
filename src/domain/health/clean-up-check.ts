import type { Database } from '#adapters/database/database.ts';
import type { Finding } from '#domain/core/deps.ts';

/** The names under which it is noted how clean-ups end: of what is past its time, every hour, and of old conversations. */
export const CLEAN_UP_SCHEDULE = 'clean-up';
export const CONVERSATIONS_SCHEDULE = 'conversations';

/** What has missed its hour twice is late. */
const LATE_MS = 3 * 3_600_000;

/** What has a time later than this from now was noted by a clock that was wrong. */
const CLOCK_TOLERANCE_MS = 3_600_000;

type State = { name: string; startedAt: Date; succeededAt: Date | null; failedAt: Date | null };

/** Says whether what is past its time is deleted, and whether the last clean-up of conversations failed. */
export async function checkCleanUp({ pool }: Pick<Database, 'pool'>, now = new Date()): Promise<Finding<'clean-up'>> {
  const { rows } = await pool.query<State>(
    `SELECT name, started_at AS "startedAt", CASE WHEN succeeded_at <= $1 THEN succeeded_at END AS "succeededAt",
       CASE WHEN failed_at <= $1 THEN failed_at END AS "failedAt"
     FROM schedules WHERE name IN ('${CLEAN_UP_SCHEDULE}', '${CONVERSATIONS_SCHEDULE}')`,
    [new Date(now.getTime() + CLOCK_TOLERANCE_MS)],
  );
  const [hourly, conversations] = [CLEAN_UP_SCHEDULE, CONVERSATIONS_SCHEDULE].map((name) =>
    rows.find((row) => row.name === name),
  );
  const timeOf = (state: State | undefined) => state?.succeededAt?.toISOString() ?? null;
  const details = { lastSucceededAt: timeOf(hourly), conversationsLastSucceededAt: timeOf(conversations) };
  const since = hourly && (hourly.succeededAt ?? hourly.startedAt);
  const lateMs = since ? now.getTime() - since.getTime() : 0;
  if (lateMs > LATE_MS) {
    const hours = Math.floor(lateMs / 3_600_000);
    const message = `What is past its time could not all be deleted for ${hours} hours; the log says why.`;
    return { status: 'DEGRADED', message, details };
  }
  if (!conversations?.failedAt || (conversations.succeededAt ?? 0) > conversations.failedAt) return { details };
  const message = 'The last clean-up of conversations failed: see its job, CLEAN_UP_CONVERSATIONS.';
  return { status: 'DEGRADED', message, details };
}
