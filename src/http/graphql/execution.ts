import { type Plugin, useEngine } from '@envelop/core';
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  validate,
} from 'graphql';
import { createYoga } from 'graphql-yoga';
import { isTracing } from '#adapters/tracing.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { createCompiledQueries } from './compiled-queries/compiled-queries.ts';
import { createDocumentCache, type DocumentCache } from './documents.ts';
import { paceIntrospection } from './introspection.ts';
import { DocumentLimitsRule, parseLimited } from './limits/document-limits.ts';
import { createFieldCounts } from './limits/field-counts.ts';
import type { OperationKeys } from './operation-keys.ts';
import { createSubscribe } from './shared-events.ts';
import { traceRootFields } from './traced-fields.ts';

/** Parses, validates and executes. */
export type Execution = {
  /** Parses and validates a text, once for as long as it is cached. */
  document: DocumentCache['get'];
  /** Whether a text is cached as valid. */
  isKnown: DocumentCache['has'];
  /** Runs an operation of a valid document. */
  run(
    type: OperationTypeNode,
    args: ExecutionArgs,
  ): ExecutionResult | Promise<ExecutionResult | AsyncGenerator<ExecutionResult>>;
};

/** Validation errors that are reported of one document, at most. */
const MAX_ERRORS_SHOWN = 20;

/**
 * Creates the executor. Yoga parses, validates and executes; recent documents are cached, and recurring queries are compiled
 * (docs/decisions/transports.md).
 */
export function createExecution(schema: GraphQLSchema, keys: OperationKeys, metrics: Metrics): Execution {
  const yoga = createYoga({
    schema,
    plugins: [useEngine({ execute }), useDocumentLimits()],
    parserAndValidationCache: false, // createDocumentCache does both, bounded by bytes
    maskedErrors: false, // toPublicError masks them
    logging: false,
  });
  if (isTracing()) traceRootFields(schema);
  const enveloped = yoga.getEnveloped();
  const documents = createDocumentCache((text) => {
    const document = enveloped.parse(text);
    return { document, errors: enveloped.validate(schema, document) as readonly GraphQLError[] };
  });
  metrics.gauge('parley_document_cache_bytes', 'Approximate memory of cached documents.', documents.bytes);
  const paced = paceIntrospection(schema);
  const subscribe = createSubscribe(keys);
  const compiledQueries = createCompiledQueries();
  metrics.counter(
    'parley_queries_compiled_total',
    'Queries that were compiled as they recur.',
    compiledQueries.compiled,
  );
  const fields = createFieldCounts(schema);
  metrics.counters(
    'parley_graphql_fields_total',
    'Fields that operations which ran have asked for, by the type they are of; once, of however many objects they are read.',
    ['type'],
    fields.byType,
  );
  return {
    document: documents.get,
    isKnown: documents.has,
    run(type, args) {
      fields.count(args);
      if (type === OperationTypeNode.SUBSCRIPTION) return subscribe(args);
      const result = type === OperationTypeNode.QUERY ? compiledQueries.run(args) : null;
      return result ?? enveloped.execute({ ...args, schema: paced });
    },
  };
}

function useDocumentLimits(): Plugin {
  return {
    onParse: ({ setParseFn }) => setParseFn(parseLimited),
    onValidate({ addValidationRule, setValidationFn }) {
      addValidationRule(DocumentLimitsRule);
      setValidationFn(
        (schema: GraphQLSchema, document: ExecutionArgs['document'], rules: Parameters<typeof validate>[2]) =>
          validate(schema, document, rules, { maxErrors: MAX_ERRORS_SHOWN }),
      );
    },
  };
}
