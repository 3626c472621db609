import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  getVariableValues,
} from 'graphql';
import { findConditions, planQuery, type QueryPlan } from './plan.ts';
import { runQuery } from './run.ts';

/** From this use of a document on, compiling is worth the time that it takes. */
const COMPILE_AT_USE = 3;
/** Of its operations, and of what is skipped or included; what comes after them is left to graphql-js. */
const PLANS_PER_DOCUMENT = 2;

type Result = ExecutionResult | Promise<ExecutionResult>;
type Compiled = { conditions: readonly string[]; plans: Map<string, QueryPlan | null> };

/** Compiled queries, which go with their documents. */
export type CompiledQueries = {
  /** Runs a query; returns null for one that is new, or is left to graphql-js. */
  run(args: ExecutionArgs): Result | null;
  /** How many have been compiled. */
  compiled(): number;
};

/**
 * Creates a cache of compiled queries: plans of what they read, by operation, and by the values of the variables that say what is
 * skipped or included.
 */
export function createCompiledQueries(): CompiledQueries {
  let count = 0;
  const uses = new WeakMap<DocumentNode, number>();
  const known = new WeakMap<DocumentNode, Compiled>();

  function isNew(document: DocumentNode): boolean {
    const use = (uses.get(document) ?? 0) + 1;
    uses.set(document, use);
    return use < COMPILE_AT_USE;
  }

  function compiledOf(document: DocumentNode): Compiled {
    const before = known.get(document);
    if (before) return before;
    const compiled: Compiled = { conditions: findConditions(document), plans: new Map() };
    known.set(document, compiled);
    return compiled;
  }

  function planOf({ schema, document, operationName }: ExecutionArgs, variables: Record<string, unknown>) {
    const { conditions, plans } = compiledOf(document);
    const given = conditions.filter((name) => Object.hasOwn(variables, name));
    const values = Object.fromEntries(given.map((name) => [name, variables[name]]));
    if (Object.values(values).includes(null)) return null; // graphql-js says where in the answer that is wrong
    const key = JSON.stringify([operationName, values]);
    const before = plans.get(key);
    if (before !== undefined || plans.size === PLANS_PER_DOCUMENT) return before;
    const plan = planQuery(schema, document, operationName, values);
    if (plan) count += 1;
    plans.set(key, plan);
    return plan;
  }

  return {
    run(args) {
      if (isNew(args.document)) return null;
      const definitions = getOperationAST(args.document, args.operationName)?.variableDefinitions ?? [];
      const { coerced } = getVariableValues(args.schema, definitions, args.variableValues ?? {});
      const plan = coerced && planOf(args, coerced);
      if (!plan) return null; // graphql-js also says what is wrong with variables
      const { rootValue, contextValue } = args;
      return runQuery(plan, { rootValue, contextValue, variables: coerced });
    },
    compiled: () => count,
  };
}
