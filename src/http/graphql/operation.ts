import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { countFor, currentTallies, describeWork } from '#adapters/database/tally.ts';
import type { Logger } from '#adapters/log.ts';
import { inSpan } from '#adapters/tracing.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { RequestContext } from '#http/request.ts';
import type { Events } from './events.ts';
import { readVariables } from './exact-variables.ts';
import { OperationRun, type OperationRunParts, type PreparedOperation } from './operation-run.ts';
import type { Params } from './params.ts';
import type { Pipeline } from './pipeline.ts';
import { PublicAnswers } from './public-answers.ts';

/** A valid operation that is ready to run. */
export type Operation = PreparedOperation & {
  /**
   * Charges for the operation, waits while its user has too much under way, and runs it. Never rejects, and its events never throw: errors are in
   * the results. Call the `release` of its request once the answer has been sent.
   */
  run(): Promise<ExecutionResult | Events>;
};

/**
 * Parses and validates a request. Returns the operation, or the errors if it is invalid. All errors, including those of its results, have
 * been through `toPublicError` and are counted. Every transport begins here.
 */
export function prepareOperation(
  pipeline: Pipeline,
  params: Params,
  context: RequestContext,
  log: Logger,
): Operation | { errors: readonly GraphQLError[] } {
  const { schema, metrics } = pipeline;
  const { operationName } = params;
  const answers = new PublicAnswers(metrics, context.requestId, log);
  try {
    const query = pipeline.persistedOperations.textOf(params, context.actor);
    const { document, errors, bytes: documentBytes } = pipeline.document(query);
    if (errors.length > 0) return answers.fail(errors);
    const { operation: type, name } = findOperation(document, operationName);
    const prepared = {
      schema,
      document,
      documentBytes,
      operationName,
      type,
      name: name?.value ?? null,
      variables: readVariables(schema, document, operationName, params.variables),
      readsChangeCursor: query.includes('changeCursor'),
    };
    return { ...prepared, run: () => runOperation({ pipeline, context, answers }, prepared) };
  } catch (error) {
    return answers.fail([error]);
  }
}

function runOperation(parts: OperationRunParts, operation: PreparedOperation): Promise<ExecutionResult | Events> {
  const run = new OperationRun(parts, operation);
  const { requestId, traceParent } = parts.context;
  const { type } = operation;
  const { name } = run.tally;
  describeWork({ name });
  const counted = () => countFor([...currentTallies(), run.tally], () => run.run());
  return inSpan(`${type} ${name ?? ''}`.trimEnd(), { 'request.id': requestId }, counted, traceParent);
}

function findOperation(document: DocumentNode, operationName: string | null): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  throw new BadUserInput('operationName', `Say which operation to run: ${listOperations(document)}.`);
}

function listOperations({ definitions }: DocumentNode): string {
  return definitions
    .flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? [each.name?.value ?? ''] : []))
    .join(', ');
}
