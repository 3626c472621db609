import type { Deps } from '#domain/core/deps.ts';
import { lockName } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';

/** What the calls of an owner have lasted in 24 hours, those that came in too, and what those under way may still last. */
export type CallMinutes = {
  /** Until when the calls have lasted as long as they may; null where they have not. */
  usedUpUntil: Date | null;
  /** How many more calls may begin, were each that is under way to last CALL_MAX_SECONDS. */
  room: number;
};

/** Which calls have minutes reserved for them: those that are dialled, or also those that wait to be. */
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

/** A call that began longer ago than it may last and ring has nothing reserved: it is over, or about to be ended. */
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

/** Makes those who use up an owner's minutes come one by one until the end of the transaction. */
export async function lockCallMinutes(tx: Tx, ownerId: string): Promise<void> {
  await lockName(tx, `parley:call-minutes:${ownerId}`);
}
