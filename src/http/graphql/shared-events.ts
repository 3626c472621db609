import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Events } from './events.ts';
import type { OperationKeys } from './operation-keys.ts';

/**
 * Creates what subscribes to operations. An event is executed once for all subscriptions that are the same and get the same
 * payload, as they do where loaders have read it for all of them together.
 */
export function createSubscribe(keys: OperationKeys): (operation: ExecutionArgs) => Promise<Events | ExecutionResult> {
  const results = new WeakMap<object, Map<string, Promise<ExecutionResult>>>();
  const executeOnce = (operation: ExecutionArgs, key: string, payload: unknown) => {
    const run = async () => execute({ ...operation, rootValue: payload });
    if (typeof payload !== 'object' || payload === null) return run();
    const known = results.get(payload) ?? new Map<string, Promise<ExecutionResult>>();
    results.set(payload, known);
    const result = known.get(key) ?? run();
    known.set(key, result);
    return result;
  };
  return async (operation) => {
    const source = await createSourceEventStream(operation);
    if (!isGenerator(source)) return source as ExecutionResult;
    const key = keys.of(operation);
    return mapEvents(source, (payload) => executeOnce(operation, key, payload));
  };
}

function isGenerator(source: object): source is AsyncGenerator<unknown> {
  return Symbol.asyncIterator in source;
}

/** Maps what a source yields. Leaving ends a wait at once, as it does that of the source. */
function mapEvents(source: AsyncGenerator<unknown>, toResult: (payload: unknown) => Promise<ExecutionResult>): Events {
  const leave = async (ending: Promise<unknown>): Promise<IteratorResult<ExecutionResult>> => {
    await ending;
    return { done: true, value: undefined };
  };
  return {
    async next() {
      const event = await source.next();
      return event.done ? { done: true, value: undefined } : { done: false, value: await toResult(event.value) };
    },
    return: () => leave(source.return(undefined)),
    throw: (error) => leave(source.throw(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => void (await leave(source.return(undefined))),
  };
}
