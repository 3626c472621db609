import { Unavailable } from '#domain/core/errors.ts';
import { createRateLimitError } from '#http/rate-limits.ts';

/** The maximum number of concurrent uploads of one user, and of the process. */
type Admitted = { ofUser: number; inAll: number };

/** The limits for uploads whose file, up to 20 MB, and parsed rows are held in memory. */
const IN_MEMORY: Admitted = { ofUser: 3, inAll: 16 };

/** Seconds after which a client may retry: about the duration of a large upload. */
const RETRY_AFTER_SECONDS = 10;

/**
 * Creates the limiter of concurrent uploads of a process. Throws RATE_LIMITED if the user has too many, and Unavailable if the process has.
 */
export function createAdmission({ ofUser, inAll: maxInAll } = IN_MEMORY) {
  const uploads = new Map<string, number>();
  let inAll = 0;
  return async function admit<Result>(userId: string, upload: () => Promise<Result>): Promise<Result> {
    const own = uploads.get(userId) ?? 0;
    if (own >= ofUser) throw createRateLimitError(`${own} uploads of yours are at work`, RETRY_AFTER_SECONDS);
    if (inAll >= maxInAll) throw new Unavailable('Too many uploads are at work; try again shortly.');
    uploads.set(userId, own + 1);
    inAll += 1;
    try {
      return await upload();
    } finally {
      const left = (uploads.get(userId) as number) - 1;
      if (left > 0) uploads.set(userId, left);
      else uploads.delete(userId);
      inAll -= 1;
    }
  };
}
