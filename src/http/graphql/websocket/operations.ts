import type { ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import type { Logger } from '#adapters/log.ts';
import { Conflict, type DomainError } from '#domain/core/errors.ts';
import { toPublicError } from '#http/errors.ts';
import { createLimitExceeded } from '#http/graphql/limits/document-limits.ts';
import { documentIdOf, type Params } from '#http/graphql/params.ts';
import type { Pipeline } from '#http/graphql/pipeline.ts';
import { prepareOperation } from '#http/graphql/prepare-operation.ts';
import { type Gatekeeper, pointsOf, requestIdOf } from '#http/request.ts';
import { createRequestLog } from '#http/request-log.ts';
import type { RunningOperation, Socket } from './connection.ts';
import { SocketRequest } from './socket-request.ts';

/** How many operations may run on one socket at once. */
const MAX_OPERATIONS = 100;
/** The same, including operations that the client has completed but that have not noticed it yet. */
const MAX_RUNNING = 2 * MAX_OPERATIONS;

/** The maximum length of an operation's id, which is repeated in each of its events. */
const MAX_ID_LENGTH = 255;

/** The arguments that graphql-ws passes back to run the operation. */
export type Prepared = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'> & { rootValue: SocketRequest };

/** The dependencies of the operations. */
export type SocketOperationsParts = { pipeline: Pipeline; gatekeeper: Gatekeeper; log: Logger };

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
    const refusal = refusalOf(socket, id);
    if (refusal) return [toPublicError(refusal, requestIdOf({}), log)];
    const request = new SocketRequest(socket, id, payload, pipeline);
    socket.extra.running.set(id, request);
    const refuse = (errors: readonly GraphQLError[]) => {
      // graphql-ws does not report the end of an operation that its client has already completed.
      if (!(id in socket.subscriptions)) this.end(socket, id, payload);
      return errors;
    };
    const params = takeParams(payload);
    try {
      request.held?.add(socket.extra.messageBytes);
      await gatekeeper.charge(request, pointsOf(0));
    } catch (error) {
      return refuse([toPublicError(error, request.requestId, log)]);
    }
    const operation = await prepareOperation(pipeline, params, request, log);
    if ('errors' in operation) return refuse(operation.errors);
    request.operation = operation;
    const { schema, document, operationName } = operation.prepared;
    return { schema, document, operationName, rootValue: request };
  }

  /** Releases a subscription's slot: it keeps running, but its user's other operations need not wait for it. */
  release({ extra: { running } }: Socket, id: string): void {
    running.get(id)?.letGo();
  }

  end({ extra: { running } }: Socket, id: string, payload: SubscribePayload): void {
    const request = running.get(id);
    if (request?.payload !== payload) return;
    running.delete(id);
    this.#finish(request);
  }

  endAll({ extra: { running } }: Socket): void {
    for (const request of running.values()) this.#finish(request);
  }

  /** May be called twice: an operation that ends with its socket reports it again when it notices. */
  #finish(request: RunningOperation): void {
    const { requestId, tally, startedAt, isLogged } = request;
    request.letGo();
    if (isLogged) return;
    request.isLogged = true;
    this.#logRequest({ requestId, method: 'WS', path: '/graphql', status: null, startedAt, tally });
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

const PARAMS = new Set(['query', 'variables', 'operationName', 'extensions']);

/**
 * Moves the parameters out of a payload, because graphql-ws keeps the payload for as long as its operation runs. What is deleted from an
 * object makes it a larger one, so only fields that are not expected are.
 */
function takeParams(payload: SubscribePayload): Params {
  const { query, variables, operationName } = payload;
  const documentId = documentIdOf(payload);
  for (const name of Object.keys(payload)) {
    if (PARAMS.has(name)) Reflect.set(payload, name, undefined);
    else Reflect.deleteProperty(payload, name);
  }
  return { query, documentId, variables: variables ?? null, operationName: operationName ?? null };
}
