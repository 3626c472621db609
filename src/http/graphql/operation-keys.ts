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

/** Arguments of a subscription that determine where it begins, but not its events. */
const BEGINNINGS = new Set(['afterSequence', 'afterUpdate']);

/** Everything that the results of an operation depend on. */
export type KeyedOperation = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues' | 'contextValue'>;

/** Computes the keys of operations: those with the same key have the same result for the same payload. */
export type OperationKeys = {
  of(operation: KeyedOperation): string;
  /** The same for subscriptions, regardless of where they begin. */
  ofEvents(operation: KeyedOperation): string;
};

/** Creates the keys of a process. */
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

/** Returns the variables that only determine where a subscription begins. */
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
  // It occurs twice: in its definition, and in the argument.
  return new Set(beginnings.filter((variable) => uses.get(variable) === 2));
}

function countUses(document: DocumentNode): Map<string, number> {
  const uses = new Map<string, number>();
  visit(document, {
    Variable: ({ name }: VariableNode) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1),
  });
  return uses;
}
