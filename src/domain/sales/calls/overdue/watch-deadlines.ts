import { isOutage } from '#adapters/database/outages.ts';
import { CALL_DEADLINES_CHANNEL } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { hangUpAgain } from '#domain/sales/calls/ending/hang-up.ts';
import type { Call } from '#generated/prisma/client.ts';
import { settleOverdue } from './settle-overdue.ts';

/** How many overdue calls a process claims at once. */
const MAX_AT_ONCE = 20;
/** For how many seconds a process has a claimed call to itself. */
const CLAIM_SECONDS = 30;
/** How long the timer sleeps at most while calls are active, because a wake may be lost. */
const LONGEST_SLEEP_MS = 5_000;
/** The same while no call is active. */
const IDLE_SLEEP_MS = 60_000;

const ACTIVE = `status IN ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS')`;

/**
 * Watches the deadlines of all calls with a single timer for the earliest of them, and one statement when it fires. Each overdue call is
 * claimed by one process, which asks the provider. Returns a function that stops it, and resolves when no work is in flight.
 */
export async function watchCallDeadlines(services: Services): Promise<() => Promise<void>> {
  const { pubsub, log } = services;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  const check = () => {
    clearTimeout(timer);
    again = working !== null;
    working ??= work().finally(() => {
      working = null;
      if (again && !stopped) check();
    });
  };
  const work = async () => {
    let sleepMs = LONGEST_SLEEP_MS;
    try {
      await settleAll(services);
      sleepMs = await timeToNext(services);
    } catch (error) {
      if (!isOutage(error)) log.error({ err: error }, 'the deadlines of calls could not be looked at; it tries again');
    }
    if (!stopped) timer = setTimeout(check, sleepMs).unref();
  };
  const leave = await pubsub.subscribe(CALL_DEADLINES_CHANNEL, check);
  check();
  return async () => {
    stopped = true;
    leave();
    clearTimeout(timer);
    await working;
  };
}

async function settleAll(services: Services): Promise<void> {
  for (const { column, where, settle } of WATCHED)
    for (;;) {
      const calls = await claimOverdue(services, column, where);
      if (calls.length === 0) break;
      await Promise.all(
        calls.map((call) =>
          settle(services, call).catch((error: unknown) =>
            services.log.warn({ err: error, callId: call.id }, 'a call could not be settled; it is tried again'),
          ),
        ),
      );
    }
}

/** What is watched: the deadlines of active calls, and calls that are over but may go on at their provider. */
const WATCHED = [
  { column: 'deadline_at', where: ACTIVE, settle: settleOverdue },
  { column: 'hang_up_at', where: 'hang_up_at IS NOT NULL', settle: hangUpAgain },
] as const;

async function claimOverdue({ database, now }: Services, column: string, where: string): Promise<Call[]> {
  const rows = await database.sql<{ id: string }>(
    `UPDATE calls SET ${column} = $1::timestamptz + interval '${CLAIM_SECONDS} seconds' WHERE id IN (
       SELECT id FROM calls WHERE ${where} AND ${column} <= $1::timestamptz
       ORDER BY ${column} LIMIT ${MAX_AT_ONCE} FOR UPDATE SKIP LOCKED) RETURNING id`,
    [now()],
  );
  return rows.length === 0 ? [] : database.prisma.call.findMany({ where: { id: { in: rows.map(({ id }) => id) } } });
}

async function timeToNext({ database, now }: Services): Promise<number> {
  const [row] = await database.sql<{ next: Date | null }>(
    `SELECT least((SELECT min(deadline_at) FROM calls WHERE ${ACTIVE}),
       (SELECT min(hang_up_at) FROM calls WHERE hang_up_at IS NOT NULL)) AS next`,
  );
  if (!row?.next) return IDLE_SLEEP_MS;
  return Math.min(LONGEST_SLEEP_MS, Math.max(50, row.next.getTime() - now().getTime()));
}
