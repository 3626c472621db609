import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { EventLayer } from '#domain/live/event-layer.ts';
import type { Events } from './events.ts';
import type { OperationKeys } from './operation-keys.ts';

/**
 * Creates the function that subscribes to operations. An event is executed once for all equal subscriptions with the same payload object,
 * which they get when loaders have read it for all of them together.
 */
export function createSubscribe(keys: OperationKeys): (operation: ExecutionArgs) => Promise<Events | ExecutionResult> {
  const results = new WeakMap<object, Map<string, Promise<ExecutionResult>>>();
  const executeOnce = (operation: ExecutionArgs, payload: unknown) => {
    const run = async () => execute({ ...operation, rootValue: payload });
    if (typeof payload !== 'object' || payload === null) return run();
    const key = keys.of(operation);
    const known = results.get(payload) ?? new Map<string, Promise<ExecutionResult>>();
    results.set(payload, known);
    const result = known.get(key) ?? run();
    known.set(key, result);
    return result;
  };
  return async (operation) => {
    const source = await createSourceEventStream(operation);
    if (!isGenerator(source)) return source as ExecutionResult;
    return new ExecutedEvents(source, operation, executeOnce);
  };
}

function isGenerator(source: object): source is AsyncGenerator<unknown> {
  return Symbol.asyncIterator in source;
}

type Execute = (operation: ExecutionArgs, payload: unknown) => Promise<ExecutionResult>;

/** The results of the events that a source yields. */
class ExecutedEvents extends EventLayer<unknown, ExecutionResult> {
  protected readonly source: AsyncGenerator<unknown>;
  readonly #operation: ExecutionArgs;
  readonly #execute: Execute;

  constructor(source: AsyncGenerator<unknown>, operation: ExecutionArgs, execute: Execute) {
    super();
    this.source = source;
    this.#operation = operation;
    this.#execute = execute;
  }

  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    return this.source
      .next()
      .then((event) => (event.done ? { done: true, value: undefined } : this.#executeWith(event.value)));
  }

  async #executeWith(payload: unknown): Promise<IteratorResult<ExecutionResult, undefined>> {
    return { done: false, value: await this.#execute(this.#operation, payload) };
  }
}
