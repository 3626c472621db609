import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '#domain/core/errors.ts';
import type { Events } from './events.ts';

/**
 * Events each of which is paid for before it is computed, except the first, which the operation has paid for. While whoever
 * pays has nothing left, the stream pauses. `charge` throws RATE_LIMITED.
 */
export function paceEvents(source: Events, charge: () => Promise<void>): Events {
  const leaving = new AbortController();
  let isFirst = true;
  return {
    async next() {
      if (!isFirst) await payInTime(charge, leaving.signal);
      isFirst = false;
      return source.next();
    },
    return(value) {
      leaving.abort();
      return source.return(value);
    },
    throw(error) {
      leaving.abort();
      return source.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await source.return(undefined);
    },
  };
}

/** Resolves when it is paid, or nobody waits for it any more. */
async function payInTime(charge: () => Promise<void>, leaving: AbortSignal): Promise<void> {
  while (!leaving.aborted) {
    try {
      return await charge();
    } catch (error) {
      const seconds = error instanceof DomainError ? error.details.retryAfterSeconds : undefined;
      if (typeof seconds !== 'number') throw error;
      await sleep(seconds * 1000, undefined, { signal: leaving, ref: false }).catch(() => {});
    }
  }
}
