import type { Database } from '#adapters/database/database.ts';
import type { Config } from '#config/config.ts';
import { cronDueBeforeLast } from '#domain/core/cron.ts';
import type { Finding } from '#domain/core/deps.ts';

type State = {
  provenAt: Date | null;
  toCome: boolean;
  newestHolds: boolean | null;
  startedAt: Date | null;
  succeededAt: Date | null;
  failedAt: Date | null;
};

/** What has a time after `$1` was noted by a clock that was wrong, and says nothing of when it was. */
const STATE = `SELECT (SELECT max(created_at) FROM backups WHERE verified AND created_at <= $1) AS "provenAt",
  EXISTS (SELECT FROM backups WHERE created_at > $1) AS "toCome",
  (SELECT verified FROM backups ORDER BY created_at DESC LIMIT 1) AS "newestHolds", s.started_at AS "startedAt",
  CASE WHEN s.succeeded_at <= $1 THEN s.succeeded_at END AS "succeededAt",
  CASE WHEN s.failed_at <= $1 THEN s.failed_at END AS "failedAt"
  FROM (VALUES ('backups')) AS one (name) LEFT JOIN schedules s USING (name)`;

/** A backup may be late by one of its times, and take an hour. */
const GRACE_MS = 3_600_000;
/** By so much clocks may differ. */
const CLOCK_TOLERANCE_MS = 3_600_000;
/** By so much the clock of a worker may be behind that of the process which found a backup to be due. */
const EARLY_MS = 60_000;

type Schedule = Pick<Config['backups'], 'cron' | 'timeZone'>;

/** Whether the newest backup that was proven to restore is older than the last two times of the schedule; never without a schedule. */
export function isOverdue(provenAt: Date, { cron, timeZone }: Schedule, now: Date): boolean {
  if (!cron) return false;
  const oldest = cronDueBeforeLast({ cron, timeZone }, new Date(now.getTime() - GRACE_MS)).getTime() - EARLY_MS;
  return provenAt.getTime() < oldest;
}

/** Says whether the newest backup that was proven to restore is as young as the schedule wants it, and whether the last one failed. */
export async function checkBackups(
  { pool }: Pick<Database, 'pool'>,
  { cron, timeZone }: Schedule,
  now = new Date(),
): Promise<Finding<'backups'>> {
  const { rows } = await pool.query<State>(STATE, [new Date(now.getTime() + CLOCK_TOLERANCE_MS)]);
  const { provenAt, toCome, newestHolds, startedAt, succeededAt, failedAt } = rows[0] as State;
  const details = { schedule: cron ?? 'off', timeZone, lastProvenAt: provenAt?.toISOString() ?? null };
  if (failedAt && !(succeededAt && succeededAt > failedAt))
    return { status: 'DEGRADED', message: 'The last backup failed: see its job, BACK_UP.', details };
  if (newestHolds === false)
    return { status: 'DEGRADED', message: 'The newest backup was found not to restore: take another.', details };
  const since = provenAt ?? startedAt;
  const fine = toCome
    ? { message: 'A backup has a time that is yet to come: a clock was wrong.', details }
    : { details };
  if (!since || !isOverdue(since, { cron, timeZone }, now)) return fine;
  const hours = Math.floor((now.getTime() - since.getTime()) / 3_600_000);
  const message = provenAt
    ? `The newest backup that was proven to restore is ${hours} hours old.`
    : `No backup was proven to restore, and they are scheduled since ${hours} hours.`;
  return { status: 'DEGRADED', message, details };
}
