import type { Database } from '#adapters/database/database.ts';
import type { Config } from '#config/config.ts';
import { cronPeriodMs } from '#domain/core/cron.ts';
import type { ComponentHealth } from '#domain/core/deps.ts';

type State = { provenAt: Date | null; startedAt: Date | null; succeededAt: Date | null; failedAt: Date | null };

const STATE = `SELECT (SELECT max(created_at) FROM backups WHERE verified) AS "provenAt", s.started_at AS "startedAt",
  s.succeeded_at AS "succeededAt", s.failed_at AS "failedAt"
  FROM (VALUES ('backups')) AS one (name) LEFT JOIN schedules s USING (name)`;

/** A backup may be late by one of its times, and take an hour. */
const GRACE_MS = 3_600_000;

/** Says whether the newest backup that was proven to restore is as young as the schedule wants it, and whether the last one failed. */
export async function checkBackups(
  { pool }: Pick<Database, 'pool'>,
  { cron, timeZone }: Pick<Config['backups'], 'cron' | 'timeZone'>,
  now = new Date(),
): Promise<Partial<ComponentHealth>> {
  const { rows } = await pool.query<State>(STATE);
  const { provenAt, startedAt, succeededAt, failedAt } = rows[0] as State;
  const details = { schedule: cron ?? 'off', timeZone, lastProvenAt: provenAt?.toISOString() ?? null };
  if (failedAt && !(succeededAt && succeededAt > failedAt))
    return { status: 'DEGRADED', message: 'The last backup failed: see its job, BACK_UP.', details };
  const since = provenAt ?? startedAt;
  if (!cron || !since) return { details };
  const ageMs = now.getTime() - since.getTime();
  if (ageMs < 2 * cronPeriodMs({ cron, timeZone }, now) + GRACE_MS) return { details };
  const hours = Math.floor(ageMs / 3_600_000);
  const message = provenAt
    ? `The newest backup that was proven to restore is ${hours} hours old.`
    : `No backup was proven to restore, and they are scheduled since ${hours} hours.`;
  return { status: 'DEGRADED', message, details };
}
