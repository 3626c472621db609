import type { Logger } from '#adapters/log.ts';
import type { Embedder } from '#adapters/model/embedder.ts';
import { EndpointFailed, type EndpointFailure } from '#adapters/model/endpoint-failures.ts';
import type { Model } from '#adapters/model/model.ts';
import type { ChatEndpoint, Endpoint } from '#config/models.ts';
import { ContextTooLong, ModelRefused, Unavailable } from './errors.ts';

/**
 * Creates the client of a language model endpoint. Failures are logged, and thrown as domain errors for whoever waits for the
 * reply. The client library takes 9 MB, so it is loaded only if an endpoint is configured.
 */
export async function createModelClient(endpoint: ChatEndpoint, log: Logger): Promise<Model> {
  const { openModel } = await import('#adapters/model/model.ts');
  const model = openModel(endpoint, log);
  return {
    ...model,
    async *stream(messages, options) {
      try {
        return yield* model.stream(messages, options);
      } catch (error) {
        throw toDomainError(error, log);
      }
    },
  };
}

/** Creates the client of an embeddings endpoint, in the same way. */
export async function createEmbedderClient(endpoint: Endpoint, log: Logger): Promise<Embedder> {
  const { openEmbedder } = await import('#adapters/model/embedder.ts');
  const embedder = openEmbedder(endpoint, log);
  return {
    ...embedder,
    async embed(texts, options) {
      try {
        return await embedder.embed(texts, options);
      } catch (error) {
        throw toDomainError(error, log);
      }
    },
  };
}

/** The endpoint's own words go to the log only: they may be in any language, and may contain secrets. */
const WORDS: Record<EndpointFailure, string> = {
  unreachable: 'The model cannot be reached at the moment; try again shortly.',
  'idle timeout': 'The model has been silent for too long; try again shortly.',
  'deadline exceeded': 'The model took too long for its answer; try again, perhaps with a smaller question.',
  'rate limited': 'The model has too much to do at the moment; try again shortly.',
  'server error': 'The model answers with an error at the moment; try again shortly.',
  'malformed response': 'The model answered with something that cannot be read; try again shortly.',
  'empty response': 'The model said nothing; try again, perhaps in other words.',
  'unopened thought': 'The model took its thoughts for the answer; try again.',
  'incomplete response': 'The model broke off in the middle of its answer; try again.',
  'circuit open': 'The model has failed several times in a row and is left alone for half a minute; try again then.',
  unauthorized: 'The model does not accept the API key that is configured for it; an administrator has to mend it.',
  'model not found': 'There is no such model at the address that is configured; an administrator has to mend it.',
  'unexplained error': 'The model broke off with an error; try again shortly.',
  'bad request': 'The model does not take this request; it may be too long for it.',
  'context too long': 'This is longer than the model can read; say it in fewer words.',
  'quota exhausted': 'The account that pays for the model has nothing left; an administrator has to mend it.',
  'content filtered': 'The model refuses to answer this; ask in other words.',
  'output limit reached':
    'The model used up all that it may say before its first word; an administrator has to allow it more.',
  'endless response': 'The model did not come to an end; ask for less at once.',
};

function toDomainError(error: unknown, log: Logger): unknown {
  if (!(error instanceof EndpointFailed)) return error;
  log.warn({ err: error }, 'a model failed');
  if (error.failure === 'context too long') return new ContextTooLong(WORDS[error.failure]);
  return error.retryable
    ? new Unavailable(WORDS[error.failure], error.retryAfterMs)
    : new ModelRefused(WORDS[error.failure]);
}
