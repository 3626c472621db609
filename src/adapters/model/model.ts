import type { Logger } from '#adapters/log.ts';
import type { Endpoint } from '#config/config.ts';
import { type CircuitBreaker, openCircuitBreaker } from './circuit.ts';
import { openClient, withRetries } from './endpoint.ts';
import type { ModelMessage, ModelUsage } from './messages.ts';
import { openAsk } from './stream.ts';

/**
 * A language model. It throws Unavailable for what may pass (it is down, too slow, overloaded, broke off, said nothing
 * that can be read), ModelRefused for what will not by itself (a wrong key, an unknown model, a request it does not take).
 */
export type Model = {
  name: string;
  /** The text in pieces as they come, then what it took. Aborting the signal ends it, and the request, at once. */
  stream(messages: readonly ModelMessage[], options: { signal: AbortSignal }): AsyncGenerator<string, ModelUsage>;
  circuit: Pick<CircuitBreaker, 'state' | 'onChange'>;
};

/** Throws EndpointFailed, or its signal's reason. */
export function openModel(endpoint: Endpoint, log: Logger): Model {
  const ask = openAsk(openClient(endpoint), endpoint);
  const circuit = openCircuitBreaker(log);
  return {
    name: endpoint.name,
    circuit,
    async *stream(messages, { signal }) {
      // What has been said cannot be taken back: up to the first word, another request can take the place of a failed one.
      const begun = await withRetries(log, signal, () =>
        circuit.run(async () => {
          const words = ask(messages, signal);
          return { words, first: await words.next() };
        }),
      );
      await using words = begun.words;
      if (begun.first.done) return begun.first.value;
      yield begun.first.value;
      return yield* words;
    },
  };
}
