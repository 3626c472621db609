import { type DocumentNode, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
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
      if (!entry) known.set(document, (entry = { uses: 0, byOperation: new Map() }));
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
      if (compiled) {
        const { query } = compiled;
        setExecuteFn((args) => query(args.rootValue, args.contextValue, args.variableValues));
      }
    },
  };
}
