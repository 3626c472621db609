import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Services } from '../domain/deps.ts';
import type { Load } from '../loaders/loader.ts';
import type { Context } from '../resolvers/context.ts';
import { useBudget } from './budget.ts';
import { useCompiledQueries } from './compiled-queries.ts';
import { useDocuments } from './documents.ts';
import { statusOf } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { usePublicErrors } from './public-errors.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RequestContext } from './request.ts';

export type Pipeline = ReturnType<typeof createPipeline>;

export type PipelineParts = {
  schema: GraphQLSchema;
  services: Services;
  loadersFor: (viewerId: string) => Load;
  rateLimits: RateLimits;
  metrics: Metrics;
};

/**
 * How every operation runs, whichever door it came through: documents, limits, budget, execution, metrics, masking.
 * The JSON and the WebSocket door use `getEnveloped`; Yoga's own request layer serves GET and SSE.
 */
export function createPipeline({ schema, services, loadersFor, rateLimits, metrics }: PipelineParts) {
  const plugins: Plugin[] = [
    usePublicErrors(services.log),
    metrics.plugin,
    useDocuments(),
    useContext(services, loadersFor),
    useBudget(schema, rateLimits, services.log),
    useCompiledQueries(),
    useStatus(),
  ];
  return createYoga<RequestContext>({
    schema,
    plugins,
    graphqlEndpoint: '/graphql',
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    parserAndValidationCache: false,
    logging: false,
    maskedErrors: false, // usePublicErrors does it, for every door
  });
}

function useContext(services: Services, loadersFor: (viewerId: string) => Load): Plugin {
  return {
    onContextBuilding({ context, extendContext }) {
      const { actor } = context as object as RequestContext;
      const freshLoad = () => loadersFor(actor.userId);
      extendContext({ deps: { ...services, actor }, load: freshLoad(), freshLoad } satisfies Context as object);
    },
  };
}

/** Gives answers of Yoga's own request layer the status that the JSON door gives. */
function useStatus(): Plugin {
  return {
    onExecutionResult({ result, setResult, request }) {
      if (!result || !('errors' in result) || !result.errors?.length) return;
      const legacyJson = !request.headers.get('accept')?.includes('graphql-response+json');
      const status = statusOf(result, legacyJson);
      if (status !== 200) setResult({ ...result, extensions: { ...result.extensions, http: { status } } } as never);
    },
  };
}
