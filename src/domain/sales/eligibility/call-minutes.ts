import type { Deps } from '#domain/core/deps.ts';
import { lockName } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';

/** The minutes of an owner's calls within 24 hours, inbound ones included, and what calls in progress may still use. */
export type CallMinutes = {
  /** Until when the minutes are used up; null if they are not. */
  usedUpUntil: Date | null;
  /** How many more calls may begin if each call in progress lasts CALL_MAX_SECONDS. */
  room: number;
};

/** Which calls have minutes reserved: those that are dialled, or also those waiting to be. */
export type Reserving = 'dialled' | 'placed';

const STATUSES: Record<Reserving, readonly string[]> = {
  dialled: ['DIALING', 'RINGING', 'IN_PROGRESS'],
  placed: ['QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS'],
};

const DAY_MS = 24 * 3_600_000;

/** Reads the minutes of an owner's calls at a moment. `db` is the database, or the transaction that has locked them. */
export async function readCallMinutes(
  db: Pick<Tx, '$queryRawUnsafe'>,
  { sales, calling }: Pick<Deps, 'sales' | 'calling'>,
  { ownerId, at, reserving }: { ownerId: string; at: Date; reserving: Reserving },
): Promise<CallMinutes> {
  const seconds = sales.maxDailyCallMinutes * 60;
  const [row] = await db.$queryRawUnsafe<{ startedAt: Date | null; reserved: number }[]>(
    MINUTES,
    ownerId,
    at,
    new Date(at.getTime() - DAY_MS),
    seconds,
    calling.maxSeconds,
    STATUSES[reserving],
  );
  const { startedAt = null, reserved = 0 } = row ?? {};
  return {
    usedUpUntil: startedAt && new Date(startedAt.getTime() + DAY_MS),
    room: Math.max(0, Math.ceil((seconds - reserved) / calling.maxSeconds)),
  };
}

/** Nothing is reserved for a call that began longer ago than it can ring and last: it is over, or about to be ended. */
const MINUTES = /* sql */ `
WITH known AS (
  SELECT id, started_at, coalesce(extract(epoch FROM least(coalesce(ended_at, $2::timestamptz), $2::timestamptz) - started_at), 0) AS spent,
    status = ANY($6::call_status[])
      AND coalesce(started_at, dialled_at, queued_at) > $2::timestamptz - ($5::int + 300) * interval '1 s' AS "isUnderWay"
  FROM calls WHERE owner_id = $1::uuid AND queued_at > $3::timestamptz - interval '1 day'
)
SELECT max(started_at) FILTER (WHERE seconds >= $4::int) AS "startedAt",
  coalesce(sum(CASE WHEN "isUnderWay" THEN greatest(spent, $5::int) ELSE spent END), 0)::float8 AS reserved
FROM (
  SELECT *, sum(spent) OVER (ORDER BY started_at DESC, id) AS seconds FROM known
  WHERE "isUnderWay" OR (started_at > $3::timestamptz AND started_at <= $2::timestamptz)
) counted`;

/** Serializes the transactions that use up an owner's minutes, until the commit. */
export async function lockCallMinutes(tx: Tx, ownerId: string): Promise<void> {
  await lockName(tx, `parley:call-minutes:${ownerId}`);
}
