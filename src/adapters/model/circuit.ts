import { createHash } from 'node:crypto';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import type { Logger } from '#adapters/log.ts';
import { EndpointFailed } from './endpoint-failures.ts';

/**
 * The state of a circuit breaker. Open: the endpoint has failed repeatedly, and is not called for a while, then until the next request.
 * Half-open: that one request tests whether it has recovered.
 */
export type Circuit = 'closed' | 'open' | 'half-open';

/** Keeps requests from an endpoint that is down. */
export type CircuitBreaker = {
  state(): Circuit;
  /** Calls `listener` after each change of the state, for as long as the process runs. */
  onChange(listener: () => void): void;
  /**
   * Throws EndpointFailed at once if the circuit is open, or if another request is testing it. Failures that may be due to the request
   * count once per `prompt`.
   */
  run<T>(prompt: string, request: () => Promise<T>): Promise<T>;
};

/** After how many failures in a row the circuit opens; fewer may be accidental. */
const FAILURE_THRESHOLD = 5;
/** How long it stays open: an overloaded endpoint recovers sooner without requests. */
const OPEN_MS = 30_000;

/** Creates the circuit breaker of one endpoint, closed. Each process has its own. */
export function createCircuitBreaker(log: Logger): CircuitBreaker {
  const policy: CircuitBreakerPolicy = circuitBreaker(
    handleWhen((error) => isFailure(error, policy.state)),
    { breaker: new ConsecutiveBreaker(FAILURE_THRESHOLD), halfOpenAfter: OPEN_MS },
  );
  /** The prompts that have failed since the last success: fewer than open the circuit. */
  const failedPrompts = new Set<string>();
  policy.onStateChange(() => failedPrompts.clear());
  policy.onStateChange((state) => log.warn({ circuit: nameOf(state) }, 'the circuit of the model has changed'));
  return {
    state: () => nameOf(policy.state),
    onChange: (listener) => void policy.onStateChange(listener),
    async run(prompt, request) {
      // The policy would let it wait for the outcome.
      if (policy.state === CircuitState.HalfOpen) throw new EndpointFailed('circuit open');
      try {
        return await policy.execute(async () => {
          try {
            const result = await request();
            failedPrompts.clear();
            return result;
          } catch (error) {
            const isCounted = policy.state !== CircuitState.Closed || isNews(error, prompt, failedPrompts);
            throw isCounted ? error : new FailedAgain(error);
          }
        });
      } catch (error) {
        if (error instanceof FailedAgain) throw error.cause;
        throw error instanceof BrokenCircuitError ? new EndpointFailed('circuit open') : error;
      }
    },
  };
}

/** A failure that says nothing new about the endpoint. */
class FailedAgain extends Error {
  constructor(cause: unknown) {
    super('A prompt has failed again.', { cause });
  }
}

function isNews(error: unknown, prompt: string, failedPrompts: Set<string>): boolean {
  if (!(error instanceof EndpointFailed) || !error.mayBeDueToRequest) return true;
  const digest = createHash('sha256').update(prompt).digest('base64');
  const isNew = !failedPrompts.has(digest);
  failedPrompts.add(digest);
  return isNew;
}

/**
 * A failure of one request says nothing about the endpoint, except that it is up. If the one request that tests it is aborted, nothing is
 * proven, and the circuit stays open.
 */
function isFailure(error: unknown, state: CircuitState): boolean {
  return error instanceof EndpointFailed ? error.isOutage : state === CircuitState.HalfOpen;
}

function nameOf(state: CircuitState): Circuit {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half-open' : 'open';
}
