import { isOutage } from '#adapters/database/outages.ts';
import { WEBHOOKS_CHANNEL } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { attemptDelivery } from './attempt-delivery.ts';
import { type ClaimedDelivery, claimDeliveries } from './claim-deliveries.ts';

/** How long the timer sleeps at most: because a wake may be lost, or because none can come from other processes. */
const LONGEST_SLEEP_MS = { woken: 5_000, unwoken: 2_000 };
/** The same while there are no webhooks. */
const IDLE_SLEEP_MS = 30_000;

/**
 * Delivers events to webhooks, with one statement whenever some may be due: after a wake, after an attempt, and when the timer for the next
 * one fires. Any number of processes may do so at once. Returns a function that stops it, and resolves when no attempt is under way.
 */
export async function deliverEvents(services: Services): Promise<() => Promise<void>> {
  const { pubsub, log } = services;
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
    let sleepMs = pubsub.hearsAll() ? LONGEST_SLEEP_MS.woken : LONGEST_SLEEP_MS.unwoken;
    try {
      const { claimed, nextMs, hasWebhooks } = await claimDeliveries(services, underWay.keys());
      for (const delivery of claimed) underWay.set(delivery, begin(delivery));
      if (nextMs === null && !hasWebhooks) sleepMs = IDLE_SLEEP_MS;
      else if (nextMs !== null) sleepMs = Math.min(sleepMs, Math.max(50, nextMs));
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
  const leave = await pubsub.subscribe(WEBHOOKS_CHANNEL, check);
  check();
  return async () => {
    stopped = true;
    leave();
    clearTimeout(timer);
    await claiming;
    await Promise.all(underWay.values());
  };
}
