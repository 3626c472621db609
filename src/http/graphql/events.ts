import type { ExecutionResult } from 'graphql';

/** The results of a subscription. */
export type Events = AsyncGenerator<ExecutionResult>;

/** Whether a result is that of a subscription. */
export function isStream(result: ExecutionResult | Events): result is Events {
  return Symbol.asyncIterator in result;
}
