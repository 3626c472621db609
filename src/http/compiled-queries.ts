import type { Plugin } from '@envelop/core';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';

/** A document that is sent this often is worth the milliseconds that compiling takes. */
const COMPILE_AT_USE = 3;

type Known = { uses: number; byOperation: Map<string, CompiledQuery | null> };

/**
 * Runs queries that recur as compiled functions. Keyed by document and operation name: with two operations in a
 * document, a key without the name would answer the wrong one. Mutations, subscriptions, and whatever graphql-jit does
 * not support, go the ordinary way.
 */
export function useCompiledQueries(): Plugin {
  const known = new WeakMap<DocumentNode, Known>();
  return {
    onExecute({ args: { schema, document, operationName }, setExecuteFn }) {
      let entry = known.get(document);
      if (!entry) {
        entry = { uses: 0, byOperation: new Map() };
        known.set(document, entry);
      }
      entry.uses += 1;
      if (entry.uses < COMPILE_AT_USE) return;
      const name = operationName ?? '';
      let compiled = entry.byOperation.get(name);
      if (compiled === undefined) {
        const isQuery = getOperationAST(document, operationName)?.operation === OperationTypeNode.QUERY;
        const result = isQuery ? compileQuery(schema, document, name) : null;
        compiled = result && isCompiledQuery(result) ? result : null;
        entry.byOperation.set(name, compiled);
      }
      if (compiled) setExecuteFn(runnerOf(compiled));
    },
  };
}

function runnerOf({ query }: CompiledQuery) {
  return (args: ExecutionArgs): unknown => {
    const result = query(args.rootValue, args.contextValue, args.variableValues);
    const checked = (each: ExecutionResult) => (each.errors?.some(isMistold) ? execute(args) : each);
    return result instanceof Promise ? result.then(checked) : checked(result);
  };
}

/**
 * graphql-jit puts a list item that fails in a wrong place, or loses it (0.8.9), and has words of its own for variables
 * that do not fit. Queries change nothing, so graphql-js answers these again.
 */
function isMistold({ path }: GraphQLError): boolean {
  return path === undefined || typeof path.at(-1) === 'number';
}
