import { isOutage } from '#adapters/database/outages.ts';
import { jobCancelChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { type Attempt, type AttemptEnded, checkAttempt } from '#domain/jobs/attempts.ts';

/** Where cancelling is not told by pub/sub (Redis is down, or there is none), it is seen within this time. */
const LOOK_INTERVAL_MS = 1_000;

/** Tells why the attempt is over, if it is by whatever another process did, again and again. Returns how to stop watching. */
export async function watchAttempt(
  services: Services,
  attempt: Attempt,
  tell: (reason: AttemptEnded | null) => void,
): Promise<() => void> {
  const look = () =>
    checkAttempt(services, attempt).then(tell, (error: unknown) => {
      // The engine, which meets it too, logs an outage.
      if (!isOutage(error)) services.log.warn({ err: error }, 'cannot see whether a job was cancelled');
    });
  const leave = await services.pubsub.subscribe(jobCancelChannel(attempt.job.id), look);
  const timer = setInterval(look, LOOK_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    leave();
  };
}
