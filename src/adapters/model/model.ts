import type { Logger } from '#adapters/log.ts';
import type { ChatEndpoint } from '#config/models.ts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit.ts';
import { withRetries } from './endpoint.ts';
import type { ModelMessage, ModelReport } from './model-messages.ts';
import { createStreamCompletion } from './stream.ts';

/** A language model behind an OpenAI-compatible endpoint. */
export type Model = {
  /** The default model. */
  name: string;
  /** All models that may be chosen: `name` first, then its alternatives. */
  names: readonly string[];
  /**
   * Yields the text in pieces as they arrive, then returns its report; `name` is one of `names`. Aborting the signal ends it, and the
   * request, at once. As wrapped for the domain (src/domain/core/model-clients.ts), it throws Unavailable for temporary failures (the
   * endpoint is down, too slow, overloaded, was cut off, sent nothing readable), and ModelRefused for permanent ones (a wrong key, an
   * unknown model, a request that it does not accept).
   */
  stream(
    messages: readonly ModelMessage[],
    options: { signal: AbortSignal; name?: string },
  ): AsyncGenerator<string, ModelReport>;
  circuit: Pick<CircuitBreaker, 'state' | 'onChange'>;
};

/** Opens the model of an endpoint. Its `stream` throws EndpointFailed, or its signal's reason. */
export function openModel(endpoint: ChatEndpoint, log: Logger): Model {
  const streamCompletion = createStreamCompletion(endpoint);
  const circuit = createCircuitBreaker(log);
  return {
    name: endpoint.name,
    names: [...new Set([endpoint.name, ...endpoint.alternatives])],
    circuit,
    async *stream(messages, { signal, name = endpoint.name }) {
      // What was yielded cannot be taken back, so another request can only replace a failed one before the first piece.
      const begun = await withRetries(log, signal, () =>
        circuit.run(messages.at(-1)?.content ?? '', async () => {
          const pieces = streamCompletion(name, messages, signal);
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
