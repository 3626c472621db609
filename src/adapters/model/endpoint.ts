import { DelegateBackoff, type FailureReason, handleWhen, type IRetryBackoffContext, retry } from 'cockatiel';
import type { Logger } from '#adapters/log.ts';
import type { Endpoint } from '#config/models.ts';
import { EndpointFailed } from './endpoint-failures.ts';
import { findReason } from './post.ts';

/** The number of retries. Jobs have attempts of their own on top. */
const MAX_RETRIES = 2;
/** The pause before the first retry; it doubles with each. */
const FIRST_PAUSE_MS = 250;
/** If an endpoint asks for a longer pause, the job retries it: a pause here occupies a slot of the lane. */
const MAX_PAUSE_MS = 5_000;

/** A request to an endpoint with time limits, awaited in steps. */
export type TimedRequest = {
  /** Aborts the request: for the client that sends it. */
  signal: AbortSignal;
  /**
   * Waits for one step, and aborts the request if that takes longer than `atMostMs`, or if the endpoint is silent for too long. Throws
   * EndpointFailed, or the caller's reason if it aborted.
   */
  run<T>(step: () => Promise<T>, options?: { atMostMs?: number }): Promise<T>;
  /** Reports that something has arrived, which restarts the time limit for silence within the step. */
  keepAlive(): void;
  /** Ends the request, unless it has ended. */
  end(): void;
};

/** The time limit for a whole request, whatever has arrived by then. */
const MAX_REQUEST_MS = 300_000;

/** Starts the time limits of one request, which also ends when `signal` is aborted. Call `end` when it is done. */
export function startTimedRequest({ timeoutMs }: Endpoint, signal: AbortSignal): TimedRequest {
  const over = new AbortController();
  const end = (reason?: unknown) => over.abort(reason);
  const abort = () => end(signal.reason);
  signal.addEventListener('abort', abort);
  const limit = setTimeout(end, MAX_REQUEST_MS, new EndpointFailed('deadline exceeded'));
  if (signal.aborted) abort();
  let silence: NodeJS.Timeout | undefined;
  return {
    signal: over.signal,
    async run(step, { atMostMs = timeoutMs } = {}) {
      over.signal.throwIfAborted();
      silence = setTimeout(end, timeoutMs, new EndpointFailed('idle timeout'));
      const late = setTimeout(end, atMostMs, new EndpointFailed('idle timeout'));
      try {
        const result = await step();
        over.signal.throwIfAborted();
        return result;
      } catch (error) {
        over.signal.throwIfAborted();
        if (error instanceof EndpointFailed) throw error;
        throw new EndpointFailed('incomplete response', { reason: findReason(error) });
      } finally {
        clearTimeout(silence);
        clearTimeout(late);
      }
    },
    keepAlive: () => void silence?.refresh(),
    end() {
      clearTimeout(limit);
      signal.removeEventListener('abort', abort);
      end();
    },
  };
}

/**
 * Makes an attempt, and up to two more if it fails in a way that a retry may fix. The pauses in between grow, or are what the endpoint
 * asks for. Throws the last attempt's error, or the signal's reason if it is aborted.
 */
export function withRetries<T>(log: Logger, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  const policy = retry(handleWhen(isWorthRetrying), { maxAttempts: MAX_RETRIES, backoff: BACKOFF });
  // The policy would finish its pause before it checks the signal.
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const endPause = () => reject(signal.reason);
  policy.onRetry(({ delay, ...failure }) => {
    log.info({ err: errorOf(failure), pauseMs: delay }, 'a model is asked again');
    signal.addEventListener('abort', endPause);
  });
  const result = policy.execute(() => {
    signal.removeEventListener('abort', endPause);
    signal.throwIfAborted();
    return attempt();
  }, signal);
  return Promise.race([result, aborted]);
}

/** Whether it should be retried here. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof EndpointFailed) || !error.retryable || error.failure === 'circuit open') return false;
  return (error.retryAfterMs ?? 0) <= MAX_PAUSE_MS;
}

/** Growing pauses, or longer ones if the endpoint asks for them; their random part spreads out requests that failed together. */
const BACKOFF = new DelegateBackoff(({ attempt, result }: IRetryBackoffContext<unknown>) => {
  const error = errorOf(result);
  const retryAfterMs = error instanceof EndpointFailed ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(retryAfterMs, FIRST_PAUSE_MS * 2 ** (attempt - 1) * (1 + Math.random() / 2));
});

const errorOf = (failure: FailureReason<unknown>) => ('error' in failure ? failure.error : undefined);
