import { isOutage } from '#adapters/database/outages.ts';
import { jobCancelChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { type Attempt, checkAttempt } from '#domain/jobs/attempts.ts';
import type { AttemptEnded } from '#domain/jobs/running-job.ts';

/** Where cancelling is not announced by pub/sub (Redis is down, or there is none), it is seen within this time. */
const CHECK_INTERVAL_MS = 1_000;

/** Reports, again and again, whether something that another process did has ended the attempt. Returns how to stop watching. */
export async function watchAttempt(
  services: Services,
  attempt: Attempt,
  report: (reason: AttemptEnded | null) => void,
): Promise<() => void> {
  const check = () =>
    checkAttempt(services, attempt).then(report, (error: unknown) => {
      // The engine, which meets it too, logs an outage.
      if (!isOutage(error)) services.log.warn({ err: error }, 'cannot see whether a job was cancelled');
    });
  const leave = await services.pubsub.subscribe(jobCancelChannel(attempt.job.id), check);
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    leave();
  };
}
