import { type DocumentNode, type GraphQLError, getOperationAST, Kind, type OperationDefinitionNode } from 'graphql';
import type { Logger } from '#adapters/log.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { RequestContext } from '#http/request.ts';
import { readVariables } from './exact-variables.ts';
import { Operation } from './operation.ts';
import type { Params } from './params.ts';
import type { Pipeline } from './pipeline.ts';
import { PublicAnswers } from './public-answers.ts';

/**
 * Charges for, parses and validates a request. Returns the operation, or the errors if it is invalid. All errors, including those of its
 * results, have been through `toPublicError` and are counted. Every transport begins here.
 */
export async function prepareOperation(
  pipeline: Pipeline,
  params: Params,
  context: RequestContext,
  log: Logger,
): Promise<Operation | { errors: readonly GraphQLError[] }> {
  const { schema, metrics } = pipeline;
  const { operationName } = params;
  const answers = new PublicAnswers(metrics, context.requestId, log);
  try {
    const query = pipeline.persistedOperations.textOf(params, context.actor);
    await pipeline.chargeForDocument(context, query);
    const { document, errors, bytes: documentBytes } = pipeline.document(query);
    if (errors.length > 0) return answers.fail(errors);
    const { operation: type, name } = findOperation(document, operationName);
    return new Operation(
      { pipeline, context, answers },
      {
        schema,
        document,
        documentBytes,
        operationName,
        type,
        name: name?.value ?? null,
        variables: readVariables(schema, document, operationName, params.variables),
        readsChangeCursor: query.includes('changeCursor'),
      },
    );
  } catch (error) {
    return answers.fail([error]);
  }
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
