import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from '#adapters/log.ts';
import { EventLayer } from '#domain/live/event-layer.ts';
import { codeOf, toPublicError } from '#http/errors.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import type { Events } from './events.ts';

/** Makes the answers of one request, of which every error has been through `toPublicError` and is counted. */
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

  /** An answer of nothing but errors. */
  fail(errors: readonly unknown[]): { errors: readonly GraphQLError[] } {
    return this.publish({ errors: errors as readonly GraphQLError[] });
  }
}

/** Whether a part of an event, which was published, could not be read now, and can be later. */
export const isIncomplete = ({ errors }: ExecutionResult): boolean =>
  errors?.some((error) => codeOf(error) === 'UNAVAILABLE') ?? false;

/**
 * Publishes the errors of events. A stream that breaks says why in a last event, and ends only itself; so does one of whose
 * events something could not be read: its client goes on after the last that it has, and has missed nothing.
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

  /** Nobody else does: who reads this to its end does not leave it. */
  #leaveSource(): void {
    this.#isBroken = true;
    this.source.return(undefined).catch(() => {}); // that it broke has been said
  }
}
