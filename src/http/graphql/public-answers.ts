import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from '#adapters/log.ts';
import { EventLayer } from '#domain/live/event-layer.ts';
import { codeOf, toPublicError } from '#http/errors.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import type { Events } from './events.ts';

/** Creates the answers of one request. Every error in them has been through `toPublicError` and is counted. */
export class PublicAnswers {
  readonly #metrics: Metrics;
  readonly #requestId: string;
  readonly #log: Logger;

  constructor(metrics: Metrics, requestId: string, log: Logger) {
    this.#metrics = metrics;
    this.#requestId = requestId;
    this.#log = log;
  }

  publish<Result extends ExecutionResult>(result: Result): Result {
    if (!result.errors?.length) return result;
    const errors = result.errors.map((error) => toPublicError(error, this.#requestId, this.#log));
    this.#metrics.countErrors(errors);
    return { ...result, errors };
  }

  /** An answer that consists of errors only. */
  fail(errors: readonly unknown[]): { errors: readonly GraphQLError[] } {
    return this.publish({ errors: errors as readonly GraphQLError[] });
  }
}

/** Whether a part of an event could not be read now, but can be later. */
export const isIncomplete = ({ errors }: ExecutionResult): boolean =>
  errors?.some((error) => codeOf(error) === 'UNAVAILABLE') ?? false;

/**
 * Publishes the errors of events. A stream that breaks reports why in a last event, and ends only itself. So does a stream with an event
 * that could not be read completely: its client resumes after the last complete event, and misses nothing.
 */
export class PublicEvents extends EventLayer<ExecutionResult> {
  protected readonly source: Events;
  readonly #publish: (event: ExecutionResult) => Promise<ExecutionResult>;
  readonly #answers: PublicAnswers;
  #isBroken = false;

  constructor(source: Events, publish: (event: ExecutionResult) => Promise<ExecutionResult>, answers: PublicAnswers) {
    super();
    this.source = source;
    this.#publish = publish;
    this.#answers = answers;
  }

  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (this.#isBroken) return Promise.resolve({ done: true, value: undefined });
    return this.source.next().then(
      (event) => (event.done ? event : this.#publishEvent(event.value)),
      (error) => this.#breakWith(error),
    );
  }

  async #publishEvent(event: ExecutionResult): Promise<IteratorResult<ExecutionResult, undefined>> {
    try {
      const value = await this.#publish(event);
      if (!isIncomplete(value)) return { done: false, value };
      this.#leaveSource();
      return { done: false, value: { errors: value.errors ?? [] } };
    } catch (error) {
      return this.#breakWith(error);
    }
  }

  #breakWith(error: unknown): IteratorResult<ExecutionResult, undefined> {
    this.#leaveSource();
    return { done: false, value: this.#answers.fail([error]) };
  }

  /** Ends the source, which nobody else does: a consumer that reads to the end does not call `return`. */
  #leaveSource(): void {
    this.#isBroken = true;
    this.source.return(undefined).catch(() => {}); // that it broke has already been reported
  }
}
