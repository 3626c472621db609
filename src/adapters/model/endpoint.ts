import { DelegateBackoff, type FailureReason, handleWhen, type IRetryBackoffContext, retry } from 'cockatiel';
import OpenAI from 'openai';
import type { Logger } from '#adapters/log.ts';
import type { Endpoint } from '#config/models.ts';
import { EndpointFailed } from './failures.ts';
import { endpointFailure } from './model-errors.ts';

const MAX_RETRIES = 2;
const FIRST_PAUSE_MS = 250;
/** Who asks for a longer pause is asked again by the job, not while a place of the lane is held. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Everything the client would otherwise take from the environment is said here; retries and time limits are ours. It
 * insists on a key, which is not sent where there is none.
 */
export function openClient({ baseUrl, apiKey }: Endpoint): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    defaultHeaders: apiKey ? {} : { Authorization: null },
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
  });
}

/** One request, in steps that are waited for. */
export type Wait = {
  signal: AbortSignal;
  /**
   * Waits for one step, and ends the request where the endpoint is silent for too long. Throws EndpointFailed, or the
   * signal's reason where it was aborted.
   */
  for<T>(step: () => Promise<T>, options?: { atMostMs?: number }): Promise<T>;
  /** Ends the request, if it has not ended. */
  end(): void;
};

/** How long a request may take in all, whatever it has said by then. */
const MAX_REQUEST_MS = 300_000;

export function startWait({ timeoutMs, apiKey }: Endpoint, signal: AbortSignal): Wait {
  const over = new AbortController();
  const end = (reason?: unknown) => over.abort(reason);
  const abort = () => end(signal.reason);
  signal.addEventListener('abort', abort);
  const limit = setTimeout(end, MAX_REQUEST_MS, new EndpointFailed('endless'));
  if (signal.aborted) abort();
  return {
    signal: over.signal,
    async for(step, { atMostMs = timeoutMs } = {}) {
      over.signal.throwIfAborted();
      const silence = setTimeout(end, Math.min(atMostMs, timeoutMs), new EndpointFailed('silent'));
      try {
        const result = await step();
        // A stream of the client's that is aborted just ends.
        over.signal.throwIfAborted();
        return result;
      } catch (error) {
        over.signal.throwIfAborted();
        throw endpointFailure(error, apiKey);
      } finally {
        clearTimeout(silence);
      }
    },
    end() {
      clearTimeout(limit);
      signal.removeEventListener('abort', abort);
      end();
    },
  };
}

/**
 * Makes an attempt, and up to two more while it fails with what may go right the next time. The pauses before them grow,
 * or are what the endpoint asks for. Throws the last attempt's error, or the signal's reason where it is aborted.
 */
export function withRetries<T>(log: Logger, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  const policy = retry(handleWhen(isWorthRetrying), { maxAttempts: MAX_RETRIES, backoff: BACKOFF });
  // The policy would sit out its pause before it looks at the signal.
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

/** Whether it should be tried again, and here. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof EndpointFailed) || !error.passing || error.failure === 'resting') return false;
  return (error.retryAfterMs ?? 0) <= LONGEST_PAUSE_MS;
}

/** What the endpoint asks for, or else growing pauses, whose random part spreads out those that failed together. */
const BACKOFF = new DelegateBackoff(({ attempt, result }: IRetryBackoffContext<unknown>) => {
  const error = errorOf(result);
  const asked = error instanceof EndpointFailed ? error.retryAfterMs : null;
  return asked ?? FIRST_PAUSE_MS * 2 ** (attempt - 1) * (1 + Math.random() / 2);
});

const errorOf = (failure: FailureReason<unknown>) => ('error' in failure ? failure.error : undefined);
