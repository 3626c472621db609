import type { Logger } from '#adapters/log.ts';
import type { Endpoint } from '#config/models.ts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit.ts';
import { openClient, withRetries } from './endpoint.ts';
import type { ModelMessage, ModelUsage } from './model-messages.ts';
import { createStreamCompletion } from './stream.ts';

/** A language model behind an OpenAI-compatible endpoint. */
export type Model = {
  name: string;
  /**
   * Yields the text in pieces as they arrive, then returns the usage. Aborting the signal ends it, and the request, at
   * once. As the domain gets it (src/domain/core/model-clients.ts) it throws Unavailable for what may pass (the
   * endpoint is down, too slow, overloaded, broke off, sent nothing that can be read), ModelRefused for what will not
   * by itself (a wrong key, an unknown model, a request that it does not take).
   */
  stream(messages: readonly ModelMessage[], options: { signal: AbortSignal }): AsyncGenerator<string, ModelUsage>;
  circuit: Pick<CircuitBreaker, 'state' | 'onChange'>;
};

/** Opens the model of an endpoint. Its `stream` throws EndpointFailed, or its signal's reason. */
export function openModel(endpoint: Endpoint, log: Logger): Model {
  const streamCompletion = createStreamCompletion(openClient(endpoint), endpoint);
  const circuit = createCircuitBreaker(log);
  return {
    name: endpoint.name,
    circuit,
    async *stream(messages, { signal }) {
      // What was yielded cannot be taken back: only up to the first piece can another request replace a failed one.
      const begun = await withRetries(log, signal, () =>
        circuit.run(async () => {
          const pieces = streamCompletion(messages, signal);
          return { pieces, first: await pieces.next() };
        }),
      );
      await using pieces = begun.pieces;
      if (begun.first.done) return begun.first.value;
      yield begun.first.value;
      return yield* pieces;
    },
  };
}
