import { type Plugin, useEngine } from '@envelop/core';
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  subscribe,
  validate,
} from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Services } from '#domain/core/deps.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { BYTES_PER_POINT, type Gatekeeper, type RequestContext } from '#http/request.ts';
import type { Load, Viewer } from '#loaders/loader.ts';
import { type Context, viewerOf } from '#resolvers/context.ts';
import { COST_PER_POINT, createCharge } from './budget.ts';
import { createCompiledQueries } from './compiled-queries.ts';
import { createConnections } from './connections.ts';
import { DocumentLimitsRule, parseLimited } from './document-limits.ts';
import { createDocumentCache } from './documents.ts';
import type { Events } from './events.ts';
import { paceEvents } from './paced-events.ts';
import { createSendBudget } from './send-budget.ts';
import { createTurns } from './turns.ts';

/** What every operation runs through. */
export type Pipeline = ReturnType<typeof createPipeline>;

/** What the pipeline is made of. */
export type PipelineParts = {
  schema: GraphQLSchema;
  services: Services;
  loadersFor: (viewer: Viewer) => Load;
  gatekeeper: Gatekeeper;
  metrics: Metrics;
};

/** Of the validation of one document. */
const MAX_ERRORS_SHOWN = 20;

/**
 * Creates what every operation runs through, whichever transport it came by. Yoga parses, validates and executes; the
 * documents of recent texts are cached, and a query that recurs runs compiled (docs/decisions/transports.md).
 */
export function createPipeline({ schema, services, loadersFor, gatekeeper, metrics }: PipelineParts) {
  const yoga = createYoga({
    schema,
    plugins: [useEngine({ execute, subscribe }), useDocumentLimits()],
    parserAndValidationCache: false, // createDocumentCache does both, bounded by length
    maskedErrors: false, // prepareOperation does it
    logging: false,
  });
  const enveloped = yoga.getEnveloped();
  const sendBudget = createSendBudget();
  metrics.gauge('parley_send_queue_bytes', 'What waits for subscribers to read it.', sendBudget.bytes);
  const compiledQueries = createCompiledQueries();
  metrics.gauge('parley_queries_compiled_total', 'Queries that were compiled as they recur.', compiledQueries.compiled);
  const documents = createDocumentCache((text) => {
    const document = enveloped.parse(text);
    return { document, errors: enveloped.validate(schema, document) as readonly GraphQLError[] };
  });
  metrics.gauge('parley_document_cache_bytes', 'Memory of the documents that are kept, about.', documents.bytes);
  return {
    schema,
    metrics,
    charge: createCharge(schema, gatekeeper),
    /** Charges for the large values of an answer, which were read by then: it is sent in any case. */
    chargeForBytes: (request: RequestContext, bytes: number) =>
      gatekeeper.charge(request, (request.points ?? 0) + Math.floor(bytes / BYTES_PER_POINT)).catch(() => {}),
    /** Charges for events as for queries, as far as they cost more than a point: most are as cheap as they are many. */
    pace(events: Events, { requestId, actor }: RequestContext, cost: number): Events {
      const points = Math.floor(cost / COST_PER_POINT);
      return points === 0 ? events : paceEvents(events, () => gatekeeper.charge({ requestId, actor }, points));
    },
    turns: createTurns(),
    connections: createConnections(),
    sendBudget,
    document: documents.get,
    contextOf({ actor, eventSlots }: RequestContext): Context {
      const viewer = viewerOf(actor);
      const freshLoad = () => loadersFor(viewer);
      return { deps: { ...services, actor }, load: freshLoad(), freshLoad, eventSlots };
    },
    run(type: OperationTypeNode, args: ExecutionArgs): Promise<ExecutionResult | AsyncGenerator<ExecutionResult>> {
      if (type === OperationTypeNode.SUBSCRIPTION) return enveloped.subscribe(args);
      const query = type === OperationTypeNode.QUERY ? compiledQueries.find(args) : null;
      return query ? query(args) : enveloped.execute(args);
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
