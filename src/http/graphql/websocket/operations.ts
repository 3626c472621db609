import type { ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import { countFor, createTally } from '#adapters/database/tally.ts';
import type { Logger } from '#adapters/log.ts';
import type { Actor } from '#domain/core/actor.ts';
import { Conflict, type DomainError } from '#domain/core/errors.ts';
import { toPublicError } from '#http/errors.ts';
import { readAskedExtensions } from '#http/graphql/answer-extensions.ts';
import { createLimitExceeded } from '#http/graphql/limits/document-limits.ts';
import { type Operation, prepareOperation } from '#http/graphql/operation.ts';
import { documentIdOf, type Params } from '#http/graphql/params.ts';
import type { Pipeline } from '#http/graphql/pipeline.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { type Gatekeeper, payerOf, pointsOf, type RequestContext, requestIdOf } from '#http/request.ts';
import { createRequestLog } from '#http/request-log.ts';
import { EVENT_MAX_BYTES } from '#loaders/answer-meter.ts';
import type { RunningOperation, Socket } from './connection.ts';
import { letGo, lowerCaseNames } from './credentials.ts';
import { createEventSender } from './event-frames.ts';

/** How many operations may run on one socket at once. */
const MAX_OPERATIONS = 100;
/** The same, including operations that the client has completed but that have not noticed it yet. */
const MAX_RUNNING = 2 * MAX_OPERATIONS;

/** The maximum length of an operation's id, which is repeated in each of its events. */
const MAX_ID_LENGTH = 255;

/** The arguments that graphql-ws passes back to run the operation. */
export type Prepared = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'> & {
  rootValue: Pick<Operation, 'run'>;
};

/** The dependencies of the operations. */
export type SocketOperationsParts = { pipeline: Pipeline; gatekeeper: Gatekeeper; metrics: Metrics; log: Logger };

/** The operations of all sockets: each is prepared when its client asks for it, and cleaned up when it is over. */
export class SocketOperations {
  readonly #parts: SocketOperationsParts;
  readonly #logRequest: ReturnType<typeof createRequestLog>;

  constructor(parts: SocketOperationsParts) {
    this.#parts = parts;
    this.#logRequest = createRequestLog(parts.log);
  }

  /** Returns errors: a throw here would close the whole socket with 4500. */
  async prepare(socket: Socket, id: string, payload: SubscribePayload): Promise<Prepared | readonly GraphQLError[]> {
    const { pipeline, gatekeeper, log } = this.#parts;
    const context = this.#createContext(socket, id, payload);
    const refusal = refusalOf(socket, id);
    if (refusal) return [toPublicError(refusal, context.requestId, log)];
    const tally = { ...createTally(null), userId: context.actor.userId };
    const held = pipeline.requestBytes.open(payerOf(context.actor));
    socket.extra.running.set(id, { payload, held, context, tally, startedAt: performance.now() });
    const refuse = (errors: readonly GraphQLError[]) => {
      // graphql-ws does not report the end of an operation that its client has already completed.
      if (!(id in socket.subscriptions)) this.end(socket, id, payload);
      return errors;
    };
    const params = takeParams(payload);
    try {
      held.add(socket.extra.messageBytes);
      await gatekeeper.charge(context, pointsOf(0));
    } catch (error) {
      return refuse([toPublicError(error, context.requestId, log)]);
    }
    const operation = prepareOperation(pipeline, params, context, log);
    if ('errors' in operation) return refuse(operation.errors);
    const { schema, document, operationName } = operation;
    const run = () => countFor([tally], () => operation.run());
    return { schema, document, operationName, rootValue: { run } };
  }

  /** Releases a subscription's slot: it keeps running, but its user's other operations need not wait for it. */
  release({ extra: { running } }: Socket, id: string): void {
    const operation = running.get(id);
    if (!operation) return;
    operation.held.release();
    operation.context.release?.();
    operation.context.release = undefined;
  }

  end({ extra: { running } }: Socket, id: string, payload: SubscribePayload): void {
    const operation = running.get(id);
    if (operation?.payload !== payload) return;
    running.delete(id);
    this.#finish(operation);
  }

  endAll({ extra: { running } }: Socket): void {
    for (const operation of running.values()) this.#finish(operation);
  }

  #createContext({ extra, subscriptions }: Socket, id: string, { extensions }: SubscribePayload): RequestContext {
    const { sendBudget } = this.#parts.pipeline;
    const { actor, eventSlots, socket, raw, reader } = extra;
    const requestId = requestIdOf({});
    return {
      requestId,
      actor: { ...(actor as Actor), requestId },
      isAbandoned: () => socket.readyState !== socket.OPEN || !(id in subscriptions),
      maxAnswerBytes: EVENT_MAX_BYTES,
      eventSlots,
      extensions: readAskedExtensions({ ...extra.asking, ...lowerCaseNames(extensions) }, 'socket'),
      push: createEventSender({ socket, raw, id, reader, sendBudget, metrics: this.#parts.metrics }),
    };
  }

  /** May be called twice: an operation that ends with its socket reports it again when it notices. */
  #finish(operation: RunningOperation): void {
    const { held, context, tally, startedAt } = operation;
    held.release();
    context.release?.();
    if (operation.isLogged) return;
    operation.isLogged = true;
    this.#logRequest({ requestId: context.requestId, method: 'WS', path: '/graphql', status: null, startedAt, tally });
  }
}

/** Returns why an operation may not begin on its socket; null if it may. */
function refusalOf({ extra: { running, socket }, subscriptions }: Socket, id: string): DomainError | null {
  if (running.has(id)) {
    // graphql-ws notices this only if the client has not completed the first one, which may still be running.
    socket.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
    return new Conflict(`The operation ${id} still runs; give each an id of its own.`);
  }
  if (id.length > MAX_ID_LENGTH)
    return createLimitExceeded('The id of an operation', MAX_ID_LENGTH, 'letters', id.length);
  const wanted = Object.keys(subscriptions).length;
  if (wanted <= MAX_OPERATIONS && running.size < MAX_RUNNING) return null;
  return createLimitExceeded('A socket', MAX_OPERATIONS, 'operations at once', Math.max(wanted, running.size));
}

/** Moves the parameters out of a payload, because graphql-ws keeps the payload for as long as its operation runs. */
function takeParams(payload: SubscribePayload): Params {
  const { query, variables, operationName } = payload;
  const documentId = documentIdOf(payload);
  letGo(payload);
  return { query, documentId, variables: variables ?? null, operationName: operationName ?? null };
}
