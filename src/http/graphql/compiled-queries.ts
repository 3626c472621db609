import { type DocumentNode, type ExecutionArgs, type ExecutionResult, execute, type GraphQLError } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';

/** A document that is sent this often is worth the milliseconds that compiling takes. */
const COMPILE_AT_USE = 3;

type Run = (args: ExecutionArgs) => Promise<ExecutionResult>;
type CacheEntry = { uses: number; byOperation: Map<string, Run | null> };

/**
 * Queries that recur, as compiled functions: null for those that are new, or that graphql-jit does not support. Keyed by
 * document and operation name: with two operations in a document, a key without the name would answer the wrong one.
 */
export function createCompiledQueries(): (args: ExecutionArgs) => Run | null {
  const known = new WeakMap<DocumentNode, CacheEntry>();
  return ({ schema, document, operationName }) => {
    const entry = known.get(document) ?? { uses: 0, byOperation: new Map<string, Run | null>() };
    known.set(document, entry);
    entry.uses += 1;
    if (entry.uses < COMPILE_AT_USE) return null;
    const name = operationName ?? '';
    const before = entry.byOperation.get(name);
    if (before !== undefined) return before;
    const compiled = compileQuery(schema, document, name);
    const run = isCompiledQuery(compiled) ? createRun(compiled) : null;
    entry.byOperation.set(name, run);
    return run;
  };
}

function createRun({ query }: CompiledQuery): Run {
  return async (args) => {
    const result = await query(args.rootValue, args.contextValue, args.variableValues);
    return result.errors?.some(isUnreliable) ? execute(args) : result;
  };
}

/**
 * graphql-jit puts a list item that fails in a wrong place, or loses it (0.8.9), and has words of its own for variables
 * that do not fit. Queries change nothing, so graphql-js answers these again.
 */
function isUnreliable({ path }: GraphQLError): boolean {
  return path === undefined || typeof path.at(-1) === 'number';
}
