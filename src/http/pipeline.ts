import { type Plugin, useEngine } from '@envelop/core';
import { execute, type GraphQLSchema, subscribe } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Services } from '../domain/deps.ts';
import type { Load, Viewer } from '../loaders/loader.ts';
import { type Context, viewerOf } from '../resolvers/context.ts';
import { useBudget } from './budget.ts';
import { useCompiledQueries } from './compiled-queries.ts';
import { useDocuments } from './documents.ts';
import type { Metrics } from './metrics.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RequestContext } from './request.ts';

export type Pipeline = ReturnType<typeof createPipeline>;

export type PipelineParts = {
  schema: GraphQLSchema;
  services: Services;
  loadersFor: (viewer: Viewer) => Load;
  rateLimits: RateLimits;
  metrics: Metrics;
};

/**
 * What every operation runs through, whichever door it came by: documents and their limits, context, budget, execution.
 * The plugins are Yoga's; its request layer is not used (docs/decisions/doors.md).
 */
export function createPipeline({ schema, services, loadersFor, rateLimits, metrics }: PipelineParts) {
  const yoga = createYoga<RequestContext>({
    schema,
    plugins: [
      useEngine({ execute, subscribe }),
      useDocuments(),
      useContext(services, loadersFor),
      useBudget(schema, rateLimits),
      useCompiledQueries(),
    ],
    parserAndValidationCache: false, // useDocuments is both, bounded by length
    maskedErrors: false, // prepareOperation does it
    logging: false,
  });
  return { enveloped: (context: RequestContext) => yoga.getEnveloped(context), metrics };
}

function useContext(services: Services, loadersFor: (viewer: Viewer) => Load): Plugin {
  return {
    onContextBuilding({ context, extendContext }) {
      const { actor } = context as object as RequestContext;
      const viewer = viewerOf(actor);
      const freshLoad = () => loadersFor(viewer);
      extendContext({ deps: { ...services, actor }, load: freshLoad(), freshLoad } satisfies Context as object);
    },
  };
}
