import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  Kind,
  type OperationTypeNode,
} from 'graphql';
import type { Logger } from '#adapters/log.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { toPublicError } from '#http/errors.ts';
import { payerOf, type RequestContext } from '#http/request.ts';
import { assertFits } from './answer-size.ts';
import { type Events, isStream } from './events.ts';
import type { Params } from './params.ts';
import type { Pipeline } from './pipeline.ts';

/** An operation that is valid. */
export type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'> & {
  type: OperationTypeNode;
  /**
   * Charges for it, waits for its turn, and runs it. Never rejects, and its events never throw: whatever goes wrong is in
   * the results. Call the `release` of its request when the answer has been sent.
   */
  run(): Promise<ExecutionResult | Events>;
};

/**
 * Parses and validates what a client asks for. Returns the operation, or the errors that say why not; all errors, also
 * of its results, have been through `toPublicError` and are counted. Every transport begins with it.
 */
export function prepareOperation(
  pipeline: Pipeline,
  { query, variables, operationName }: Params,
  context: RequestContext,
  log: Logger,
): Operation | { errors: readonly GraphQLError[] } {
  const { schema, metrics } = pipeline;
  const publish = <Result extends ExecutionResult>(result: Result): Result => {
    if (!result.errors?.length) return result;
    const errors = result.errors.map((error) => toPublicError(error, context.requestId, log));
    metrics.countErrors(errors);
    return { ...result, errors };
  };
  const fail = (errors: readonly unknown[]) => publish({ errors: errors as readonly GraphQLError[] });
  try {
    const { document, errors } = pipeline.document(query);
    if (errors.length > 0) return fail(errors);
    const type = typeOf(document, operationName);
    return {
      type,
      schema,
      document,
      operationName,
      async run() {
        const startedAt = performance.now();
        try {
          const cost = await pipeline.charge(context, { document, operationName, variables });
          const endTurn = await pipeline.turns.take(payerOf(context.actor), cost);
          const contextValue = pipeline.contextOf(context);
          context.release = () => {
            endTurn();
            contextValue.load.meter.release();
          };
          const args = { schema, document, contextValue, variableValues: variables, operationName };
          const result = await pipeline.run(type, args);
          const publishFitting = <Result extends ExecutionResult>(each: Result) =>
            publish(assertFits(each, contextValue.load.meter));
          if (isStream(result)) return withPublicErrors(pipeline.pace(result, context, cost), publishFitting, fail);
          try {
            return publishFitting(result);
          } finally {
            await pipeline.chargeForBytes(context, contextValue.load.meter.bytes);
          }
        } catch (error) {
          return fail([error]);
        } finally {
          metrics.observe(type, performance.now() - startedAt);
        }
      },
    };
  } catch (error) {
    return fail([error]);
  }
}

function typeOf(document: DocumentNode, operationName: string | null): OperationTypeNode {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation.operation;
  throw new BadUserInput('operationName', `Say which operation to run: ${listOperations(document)}.`);
}

function listOperations({ definitions }: DocumentNode): string {
  return definitions
    .flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? [each.name?.value ?? ''] : []))
    .join(', ');
}

/** Publishes the errors of events. A stream that breaks says why in a last event, and ends only itself. */
function withPublicErrors(
  source: Events,
  publish: (event: ExecutionResult) => ExecutionResult,
  fail: (errors: readonly unknown[]) => ExecutionResult,
): Events {
  let broken = false;
  return {
    async next() {
      if (broken) return { done: true, value: undefined };
      try {
        const event = await source.next();
        return event.done ? event : { done: false, value: publish(event.value) };
      } catch (error) {
        broken = true;
        return { done: false, value: fail([error]) };
      }
    },
    return: (value) => source.return(value),
    throw: (error) => source.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => void (await source.return(undefined)),
  };
}
