import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import type { Logger } from '#adapters/log.ts';
import { EndpointFailed } from './failures.ts';

/**
 * Open: it failed again and again, and is left alone for a while, and until somebody asks again. Half-open: one request tries
 * whether it is well.
 */
export type Circuit = 'closed' | 'open' | 'half-open';

export type CircuitBreaker = {
  state(): Circuit;
  onChange(listener: () => void): void;
  /** Throws EndpointFailed at once where the circuit is open, or another request tries it. */
  run<T>(request: () => Promise<T>): Promise<T>;
};

/** So many requests in a row do not fail by accident, */
const FAILURES = 5;
/** and what is down or overloaded gets well sooner when it is left alone for so long. */
const PAUSE_MS = 30_000;

export function openCircuitBreaker(log: Logger): CircuitBreaker {
  const policy: CircuitBreakerPolicy = circuitBreaker(
    handleWhen((error) => isFailure(error, policy.state)),
    { breaker: new ConsecutiveBreaker(FAILURES), halfOpenAfter: PAUSE_MS },
  );
  policy.onStateChange((state) => log.warn({ circuit: nameOf(state) }, 'the circuit of the model has changed'));
  return {
    state: () => nameOf(policy.state),
    onChange: (listener) => void policy.onStateChange(listener),
    async run(request) {
      // The policy would let it wait for the outcome.
      if (policy.state === CircuitState.HalfOpen) throw new EndpointFailed('resting');
      try {
        return await policy.execute(request);
      } catch (error) {
        throw error instanceof BrokenCircuitError ? new EndpointFailed('resting') : error;
      }
    },
  };
}

/** Who stops the one request that tries the endpoint has proved nothing: the circuit stays open. */
function isFailure(error: unknown, state: CircuitState): boolean {
  return error instanceof EndpointFailed ? error.passing : state === CircuitState.HalfOpen;
}

function nameOf(state: CircuitState): Circuit {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half-open' : 'open';
}
