import { Unavailable } from '#domain/core/errors.ts';
import { createRateLimitError } from '#http/rate-limits.ts';

/** Uploads of one user at a time, and of all users in one process. */
type Admitted = { ofUser: number; inAll: number };

/** Where each holds its file, of up to 20 MB, and the rows that it became in memory. */
const IN_MEMORY: Admitted = { ofUser: 3, inAll: 16 };

/** Seconds after which a client may try again: about what a large file takes. */
const RETRY_AFTER_SECONDS = 10;

/**
 * Creates what lets the uploads of one process in: it runs them as long as there is room for them. Throws RATE_LIMITED where
 * the user has too many at work, Unavailable where all have.
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
