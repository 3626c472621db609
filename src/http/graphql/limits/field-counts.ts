import {
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Labelled } from '#http/ops/metrics.ts';

/** Counts the fields that operations ask for, by type. */
export type FieldCounts = {
  /** Adds the fields of an operation that runs. */
  count(operation: Pick<ExecutionArgs, 'document' | 'operationName'>): void;
  byType(): Labelled[];
};

type Total = { value: number };

/**
 * Creates the counters of a process. They count a field once per operation, not once per object: compiled queries read plain fields
 * without calling anything (docs/performance.md), so each run adds the fields that were found in its document.
 */
export function createFieldCounts(schema: GraphQLSchema): FieldCounts {
  const totals = new Map<string, Total>();
  const known = new WeakMap<OperationDefinitionNode, (readonly [Total, number])[]>();
  const totalOf = (type: string) => {
    const total = totals.get(type) ?? { value: 0 };
    totals.set(type, total);
    return total;
  };
  return {
    count({ document, operationName }) {
      const operation = getOperationAST(document, operationName);
      if (!operation) return;
      let steps = known.get(operation);
      if (!steps) {
        steps = Array.from(
          countFields(schema, document, operation),
          ([type, fields]) => [totalOf(type), fields] as const,
        );
        known.set(operation, steps);
      }
      for (const [total, fields] of steps) total.value += fields;
    },
    byType: () => Array.from(totals, ([type, { value }]) => ({ labels: { type }, value })),
  };
}

/** The fields of one operation, including those of the document's fragments. */
function countFields(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
): Map<string, number> {
  const counts = new Map<string, number>();
  const types = new TypeInfo(schema);
  const used = [operation, ...definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)];
  visit(
    { kind: Kind.DOCUMENT, definitions: used } as DocumentNode,
    visitWithTypeInfo(types, {
      Field() {
        const type = types.getParentType()?.name;
        if (type) counts.set(type, (counts.get(type) ?? 0) + 1);
      },
    }),
  );
  return counts;
}
