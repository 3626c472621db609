import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from '#adapters/log.ts';
import { codeOf, toPublicError } from '#http/errors.ts';
import type { Metrics } from '#http/ops/metrics.ts';

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
