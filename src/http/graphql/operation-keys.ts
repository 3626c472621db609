import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type VariableNode,
  visit,
} from 'graphql';
import type { Context } from '#resolvers/context.ts';

/** Arguments of a subscription that say where it begins, and nothing about its events. */
const BEGINNINGS = new Set(['afterSequence', 'afterUpdate']);

/** What decides on the results of an operation. */
export type KeyedOperation = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues' | 'contextValue'>;

/** Names operations: those of one name give the same result for the same payload. */
export type OperationKeys = {
  of(operation: KeyedOperation): string;
  /** The same for subscriptions, wherever they begin. */
  ofEvents(operation: KeyedOperation): string;
};

/** Creates the names of a process. */
export function createOperationKeys(): OperationKeys {
  const known = new WeakMap<DocumentNode, { number: number; beginnings: ReadonlySet<string> }>();
  let documents = 0;
  const about = ({ document, operationName }: KeyedOperation) => {
    const found = known.get(document) ?? { number: ++documents, beginnings: findBeginnings(document, operationName) };
    known.set(document, found);
    return found;
  };
  const name = (operation: KeyedOperation, variables: unknown) => {
    const { actor } = (operation.contextValue as Context).deps;
    const viewer = [actor.userId, actor.role, ...actor.scopes];
    return JSON.stringify([about(operation).number, operation.operationName, variables, viewer]);
  };
  return {
    of: (operation) => name(operation, operation.variableValues),
    ofEvents(operation) {
      const { beginnings } = about(operation);
      const rest = Object.entries(operation.variableValues ?? {}).filter(([variable]) => !beginnings.has(variable));
      return name(operation, rest);
    },
  };
}

/** Returns the variables that only say where a subscription begins. */
function findBeginnings(document: DocumentNode, operationName?: string | null): ReadonlySet<string> {
  const operation = getOperationAST(document, operationName) as OperationDefinitionNode;
  const beginnings = operation.selectionSet.selections.flatMap((field) =>
    field.kind === Kind.FIELD
      ? (field.arguments ?? []).flatMap(({ name, value }) =>
          BEGINNINGS.has(name.value) && value.kind === Kind.VARIABLE ? [value.name.value] : [],
        )
      : [],
  );
  const uses = countUses(document);
  // One in its definition, one in the argument.
  return new Set(beginnings.filter((variable) => uses.get(variable) === 2));
}

function countUses(document: DocumentNode): Map<string, number> {
  const uses = new Map<string, number>();
  visit(document, {
    Variable: ({ name }: VariableNode) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1),
  });
  return uses;
}
