import { isOutage } from '#adapters/database/outages.ts';
import { jobCancelChannel } from '#domain/core/channels.ts';
import type { Services } from '#domain/core/deps.ts';
import { type Attempt, checkAttempt } from '#domain/jobs/attempts.ts';
import type { AttemptEnded } from '#domain/jobs/running-job.ts';

/** How soon a cancellation is noticed if pub/sub does not announce it (Redis is down, or not configured). */
const CHECK_INTERVAL_MS = 1_000;

/** Repeatedly checks whether another process has ended the attempt, and reports the result. Returns a function that stops watching. */
export async function watchAttempt(
  services: Services,
  attempt: Attempt,
  report: (reason: AttemptEnded | null) => void,
): Promise<() => void> {
  const check = () =>
    checkAttempt(services, attempt).then(report, (error: unknown) => {
      // The queue meets outages too, and logs them.
      if (!isOutage(error)) services.log.warn({ err: error }, 'cannot see whether a job was cancelled');
    });
  const leave = await services.pubsub.subscribe(jobCancelChannel(attempt.job.id), check);
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    leave();
  };
}
