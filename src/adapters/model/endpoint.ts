import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import type { Logger } from '#adapters/log.ts';
import type { Endpoint } from '#config/config.ts';
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

/** Tries again, with growing pauses, what may go right the next time. */
export async function withRetries<T>(log: Logger, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const pauseMs = retries < MAX_RETRIES ? pauseBeforeRetry(error, retries) : null;
      if (pauseMs === null) throw error;
      log.info({ err: error, pauseMs }, 'a model is asked again');
      await pause(pauseMs, signal);
    }
  }
}

/** Null where it should not be tried again, at least not here. */
function pauseBeforeRetry(error: unknown, retries: number): number | null {
  if (!(error instanceof EndpointFailed) || !error.passing || error.failure === 'resting') return null;
  const pauseMs = error.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** retries * (1 + Math.random() / 2);
  return pauseMs <= LONGEST_PAUSE_MS ? pauseMs : null;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}
