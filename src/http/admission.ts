import { Unavailable } from '#domain/core/errors.ts';
import { createRateLimitError } from './rate-limits.ts';

/** The maximum number of concurrent requests of one user, and of the process, and what errors call them. */
type Admitted = { ofUser: number; inAll: number; what: 'uploads' | 'downloads' | 'images' };

/** The limits for uploads whose file, up to 20 MB, and parsed rows are held in memory. */
export const IN_MEMORY_UPLOADS: Admitted = { ofUser: 3, inAll: 16, what: 'uploads' };

/** Seconds after which a client may retry: about the duration of a large one. */
const RETRY_AFTER_SECONDS = 10;

/**
 * Creates the limiter of concurrent requests of one kind in a process. Throws RATE_LIMITED if the user has too many, and Unavailable if the
 * process has.
 */
export function createAdmission({ ofUser, inAll: maxInAll, what }: Admitted) {
  const running = new Map<string, number>();
  let inAll = 0;
  return async function admit<Result>(userId: string, run: () => Promise<Result>): Promise<Result> {
    const own = running.get(userId) ?? 0;
    if (own >= ofUser) throw createRateLimitError(`${own} ${what} of yours are at work`, RETRY_AFTER_SECONDS);
    if (inAll >= maxInAll) throw new Unavailable(`Too many ${what} are at work; try again shortly.`);
    running.set(userId, own + 1);
    inAll += 1;
    try {
      return await run();
    } finally {
      const left = (running.get(userId) as number) - 1;
      if (left > 0) running.set(userId, left);
      else running.delete(userId);
      inAll -= 1;
    }
  };
}
