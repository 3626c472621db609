import { type DocumentNode, type ExecutionArgs, type ExecutionResult, execute, type GraphQLError } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';

/** From this use of a document on, compiling is worth the milliseconds that it takes. */
const COMPILE_AT_USE = 3;

type Run = (args: ExecutionArgs) => Promise<ExecutionResult>;
type CacheEntry = { uses: number; byOperation: Map<string, Run | null> };

/** Compiled queries, which go with their documents. */
export type CompiledQueries = {
  /** Null for a query that is new, or that graphql-jit does not support. */
  find(args: ExecutionArgs): Run | null;
  /** How many have been compiled. */
  compiled(): number;
};

/**
 * Creates a cache of compiled queries. Its key is document and operation name: without the name, a document of two operations would run the wrong one.
 */
export function createCompiledQueries(): CompiledQueries {
  let count = 0;
  const known = new WeakMap<DocumentNode, CacheEntry>();
  const find: CompiledQueries['find'] = ({ schema, document, operationName }) => {
    const entry = known.get(document) ?? { uses: 0, byOperation: new Map<string, Run | null>() };
    known.set(document, entry);
    entry.uses += 1;
    if (entry.uses < COMPILE_AT_USE) return null;
    const name = operationName ?? '';
    const before = entry.byOperation.get(name);
    if (before !== undefined) return before;
    const compiled = compileQuery(schema, document, name);
    const run = isCompiledQuery(compiled) ? createRun(compiled) : null;
    if (run) count += 1;
    entry.byOperation.set(name, run);
    return run;
  };
  return { find, compiled: () => count };
}

function createRun({ query }: CompiledQuery): Run {
  return async (args) => {
    const result = await query(args.rootValue, args.contextValue, args.variableValues);
    return result.errors?.some(isUnreliable) ? execute(args) : result;
  };
}

/**
 * Whether an error of graphql-jit may be wrong: it puts a list item that fails in a wrong place, or loses it (0.8.9),
 * and has messages of its own for variables that do not fit. Queries change nothing, so graphql-js runs these again.
 */
function isUnreliable({ path }: GraphQLError): boolean {
  return path === undefined || typeof path.at(-1) === 'number';
}
