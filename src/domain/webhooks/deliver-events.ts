import { isOutage } from '#adapters/database/outages.ts';
import { WEBHOOKS_CHANNEL } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { attemptDelivery } from './attempt-delivery.ts';
import { type ClaimedDelivery, claimDeliveries } from './claim-deliveries.ts';

/**
 * How long the timer sleeps at most, in milliseconds: for a retry that a process has planned which died, and for notices that were lost
 * with a connection whose end went unnoticed.
 */
const LONGEST_SLEEP_MS = 30_000;
/** The same while the database is out of reach. */
const OUTAGE_SLEEP_MS = 2_000;

/**
 * Delivers events to webhooks, with one statement whenever some may be due: when it is woken, after an attempt, and when the timer for the
 * next one fires. PostgreSQL wakes all processes, by NOTIFY; on the embedded database, there is one process, which wakes itself. Any number
 * of processes may deliver at once. Returns a function that stops it, and resolves when no attempt is under way.
 */
export async function deliverEvents(services: Services): Promise<() => Promise<void>> {
  const { database, pubsub, log } = services;
  const underWay = new Map<ClaimedDelivery, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let claiming: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  const check = () => {
    clearTimeout(timer);
    if (stopped) return;
    again = claiming !== null;
    claiming ??= claim().finally(() => {
      claiming = null;
      if (again) check();
    });
  };
  const claim = async () => {
    let sleepMs = OUTAGE_SLEEP_MS;
    try {
      const { claimed, nextMs } = await claimDeliveries(services, underWay.keys());
      for (const delivery of claimed) underWay.set(delivery, begin(delivery));
      sleepMs = Math.min(LONGEST_SLEEP_MS, Math.max(50, nextMs ?? LONGEST_SLEEP_MS));
    } catch (error) {
      if (!isOutage(error)) log.error({ err: error }, 'deliveries to webhooks cannot be claimed; it tries again');
    }
    if (!stopped) timer = setTimeout(check, sleepMs).unref();
  };
  const begin = (delivery: ClaimedDelivery) =>
    attemptDelivery(services, delivery)
      .catch((error: unknown) => {
        if (isOutage(error)) return;
        log.warn(
          { err: error, deliveryId: delivery.id },
          'an attempt at a delivery could not be recorded; it is repeated',
        );
      })
      .finally(() => {
        underWay.delete(delivery);
        check();
      });
  const leave =
    database.kind === 'embedded'
      ? await pubsub.subscribe(WEBHOOKS_CHANNEL, check)
      : await database.listen(WEBHOOKS_CHANNEL, check);
  check();
  return async () => {
    stopped = true;
    await leave();
    clearTimeout(timer);
    await claiming;
    await Promise.all(underWay.values());
  };
}
