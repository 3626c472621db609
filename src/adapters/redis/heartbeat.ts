import type { Redis } from 'ioredis';

/** How often a connection is asked for a sign of life: milliseconds. */
const BEAT_EVERY_MS = 1_000;
/** A connection without so many signs in a row is taken for lost. */
const MAX_MISSED = 3;

/**
 * Asks for a sign of life each second, and calls `renew` where three in a row did not come: what a network loses without a word would
 * look like a connection for a quarter of an hour. `beat` resolves to whether a sign came. Returns how to stop.
 */
export function watchForSilence(beat: () => Promise<boolean>, renew: () => void): () => void {
  let missed = 0;
  let isAsking = false;
  const timer = setInterval(async () => {
    if (isAsking) return;
    isAsking = true;
    missed = (await beat()) ? 0 : missed + 1;
    isAsking = false;
    if (missed < MAX_MISSED) return;
    missed = 0;
    renew();
  }, BEAT_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Cuts a connection by which Redis answers nothing any more, until it is closed for good; what opened it then makes another. */
export function cutWhenSilent(redis: Redis): void {
  const answers = () =>
    redis.ping().then(
      () => true,
      () => false,
    );
  const stop = watchForSilence(
    async () => redis.status !== 'ready' || answers(),
    () => cut(redis),
  );
  redis.once('end', stop);
}

/** Ends a connection at once, as the end of one that is lost would not arrive. */
export function cut(redis: Redis): void {
  redis.stream.destroy(new Error(`Redis has been silent for ${(MAX_MISSED * BEAT_EVERY_MS) / 1_000} s`));
}
