import type { Redis } from 'ioredis';

/** The interval between heartbeats in milliseconds. */
const BEAT_EVERY_MS = 1_000;
/** After so many missed heartbeats in a row, a connection counts as lost. */
const MAX_MISSED = 3;

/**
 * Sends a heartbeat each second, and calls `renew` after three in a row without a response: a connection that the network has dropped
 * silently would look intact for a quarter of an hour. `beat` resolves to whether a response came. Returns a function that stops it.
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

/** Cuts a connection on which Redis does not respond any more, until it is closed for good; its opener then reconnects. */
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

/** Destroys a connection at once, because the regular end of a lost one would never arrive. */
export function cut(redis: Redis): void {
  redis.stream.destroy(new Error(`Redis has been silent for ${(MAX_MISSED * BEAT_EVERY_MS) / 1_000} s`));
}
