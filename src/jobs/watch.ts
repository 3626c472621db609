import { jobCancelChannel } from '../domain/channels.ts';
import type { Services } from '../domain/deps.ts';
import { type Attempt, type AttemptOver, whyOver } from '../domain/job-attempts.ts';

/** Where cancelling is not told by pub/sub (Redis is down, or there is none), it is seen within this time. */
const LOOK_INTERVAL_MS = 1_000;

/** Tells when the attempt is over, by whatever another process did. Answers how to stop watching. */
export async function watchAttempt(services: Services, attempt: Attempt, tell: (reason: AttemptOver) => void): Promise<() => void> {
  const look = () =>
    whyOver(services, attempt).then(
      (reason) => reason && tell(reason),
      (error: unknown) => services.log.warn({ err: error, jobId: attempt.job.id }, 'could not see whether a running job was cancelled'),
    );
  const leave = await services.pubsub.subscribe(jobCancelChannel(attempt.job.id), look);
  const timer = setInterval(look, LOOK_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    leave();
  };
}
