import type { ExecutionResult } from 'graphql';

/** The results of a subscription. */
export type Events = AsyncGenerator<ExecutionResult>;

/** Whether a result is a stream of events. */
export function isStream(result: ExecutionResult | Events): result is Events {
  return Symbol.asyncIterator in result;
}
