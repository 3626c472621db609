import type { ExecutionArgs, GraphQLSchema } from 'graphql';
import type { Broadcast } from '#domain/live/broadcast.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { BYTES_PER_POINT, type Gatekeeper, type RequestContext } from '#http/request.ts';
import { type Context, viewerOf } from '#resolvers/context.ts';
import { Broadcasts, type Receiver } from './broadcasts.ts';
import type { ResponseCache } from './cache/response-cache.ts';
import type { Events } from './events.ts';
import { createExecution } from './execution.ts';
import { COST_PER_POINT, createCharge } from './limits/budget.ts';
import { createConcurrency } from './limits/concurrency.ts';
import { BYTES_PER_CONNECTION, createConnections } from './limits/connections.ts';
import { HeldBytes } from './limits/held-bytes.ts';
import { createSendBudget } from './limits/send-budget.ts';
import { SubscriptionMemory } from './limits/subscription-memory.ts';
import { createOperationKeys } from './operation-keys.ts';
import { PacedEvents } from './paced-events.ts';
import type { PersistedOperations } from './persisted-operations.ts';
import type { ReadPlace, ReadPlaces } from './read-places.ts';

/** The steps that every operation runs through. */
export type Pipeline = ReturnType<typeof createPipeline>;

/** The dependencies of the pipeline. */
export type PipelineParts = {
  schema: GraphQLSchema;
  readPlaces: ReadPlaces;
  gatekeeper: Gatekeeper;
  metrics: Metrics;
  /** How many sockets and streams one user may have in this process. */
  maxConnectionsPerUser: number;
  responseCache: ResponseCache;
  persistedOperations: PersistedOperations;
};

/** Bytes of the bodies of one user's running requests. Once parsed, small arrays take fifteen times as much. */
const MAX_REQUEST_BYTES = 16 * 2 ** 20;

/** The number of characters of a document per point, if it is new to this process: validating 3,000 can take 15 ms. */
const DOCUMENT_LENGTH_PER_POINT = 256;

/** Creates the pipeline that operations of all transports share: it limits, charges for and executes them. */
export function createPipeline({
  schema,
  readPlaces,
  gatekeeper,
  metrics,
  maxConnectionsPerUser,
  responseCache,
  persistedOperations,
}: PipelineParts) {
  const sendBudget = createSendBudget();
  metrics.gauge('parley_send_queue_bytes', 'What waits for subscribers to read it.', sendBudget.bytes);
  const keys = createOperationKeys();
  const broadcasts = new Broadcasts();
  const execution = createExecution(schema, keys, metrics);
  return {
    schema,
    metrics,
    charge: createCharge(schema, gatekeeper),
    /** Charges for parsing and validating a document that is not cached. Throws RATE_LIMITED. */
    async chargeForDocument(request: RequestContext, text: string): Promise<void> {
      if (!execution.isKnown(text))
        await gatekeeper.charge(request, Math.ceil(text.length / DOCUMENT_LENGTH_PER_POINT));
    },
    /** Charges for the large values of an answer. It is sent in any case, because they have been read by then. */
    chargeForBytes: (request: RequestContext, bytes: number) =>
      gatekeeper.charge(request, (request.points ?? 0) + Math.floor(bytes / BYTES_PER_POINT)).catch(() => {}),
    /** Charges for events as for queries, if they cost more than a point: most events are cheap and frequent. */
    pace(events: Events, { requestId, actor }: RequestContext, cost: number): Events {
      const points = Math.floor(cost / COST_PER_POINT);
      return points === 0 ? events : new PacedEvents(events, () => gatekeeper.charge({ requestId, actor }, points));
    },
    /** Broadcasts events to equal subscriptions together, unless each of its events is charged for. */
    broadcast(args: ExecutionArgs, cost: number, receiver: Receiver): Broadcast | undefined {
      return cost < COST_PER_POINT ? broadcasts.to(keys.ofEvents(args), receiver) : undefined;
    },
    concurrency: createConcurrency(),
    connections: createConnections(maxConnectionsPerUser),
    requestBytes: new HeldBytes(MAX_REQUEST_BYTES, 'Requests of yours that are under way'),
    subscriptions: new SubscriptionMemory(maxConnectionsPerUser * BYTES_PER_CONNECTION, metrics.subscriptions),
    sendBudget,
    responseCache,
    persistedOperations,
    ...execution,
    /** Returns the place that a query reads from, unless that is the primary; returns undefined synchronously if there is no replica. */
    choosePlace: readPlaces.choose,
    contextOf(
      { actor, eventSlots, maxAnswerBytes, lifetime }: RequestContext,
      onCacheHit?: () => void,
      { services, loadersFor }: ReadPlace = readPlaces.primary,
    ): Context {
      const viewer = viewerOf(actor);
      const freshLoad = () => loadersFor(viewer, { maxBytes: maxAnswerBytes, lifetime, onCacheHit });
      return { deps: { ...services, actor }, load: freshLoad(), freshLoad, eventSlots };
    },
  };
}
