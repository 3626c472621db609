import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import {
  CloseCode,
  handleProtocols,
  makeServer,
  type Context as SocketContext,
  type SubscribePayload,
} from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { countFor, createTally, type Tally } from '#adapters/database/tally.ts';
import type { Logger } from '#adapters/log.ts';
import type { Actor } from '#domain/core/actor.ts';
import { Conflict, DomainError } from '#domain/core/errors.ts';
import { createSemaphore, type Semaphore } from '#domain/core/semaphore.ts';
import { addressOf } from '#http/client-address.ts';
import { toPublicError } from '#http/errors.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import {
  BYTES_PER_POINT,
  type Gatekeeper,
  payerOf,
  pointsOf,
  type RequestContext,
  requestIdOf,
} from '#http/request.ts';
import { createRequestLog } from '#http/request-log.ts';
import { spreadOver } from '#http/spread.ts';
import { EVENT_MAX_BYTES } from '#loaders/answer-meter.ts';
import { anonymous } from '#resolvers/context.ts';
import {
  lowerCaseNames,
  NO_KEY,
  readConnectionCredentials,
  readConnectionFields,
  WRONG_KEY,
} from './connection-credentials.ts';
import { createLimitExceeded } from './document-limits.ts';
import { createEventSender } from './event-frames.ts';
import { type Events, isStream } from './events.ts';
import type { KeyWatch } from './key-watch.ts';
import { type Operation, prepareOperation } from './operation.ts';
import { documentIdOf } from './params.ts';
import type { Pipeline } from './pipeline.ts';
import { keepAsking, readTold } from './told.ts';
import { attachSocket, type ConnectionExtra, createReader, waitForRoom } from './websocket-connection.ts';

/** Of one message of a client; a larger one closes the socket with 1009. */
const MAX_FRAME_BYTES = 128 * 1024;
/** What a frame counts for at least. Operations cost points of their own; this is for what comes beside them, as pings. */
const MIN_FRAME_BYTES = 1024;
/** Operations that run on one socket at once. */
const MAX_OPERATIONS = 100;
/** The same with those that the client has completed, and which run on until they see it. */
const MAX_RUNNING = 2 * MAX_OPERATIONS;
/** How long a client may take for `connection_init`. */
const INIT_TIMEOUT_MS = 3_000;
/** How long the other side may take to close, too; then the connection is cut off. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Events of one socket that are answered and sent at once, each of a message at most in memory: about 4 MiB together. */
const EVENT_SLOTS = 4;

/** Close codes beside those of the graphql-transport-ws protocol and RFC 6455. */
const CLOSE = { RESTARTING: 1012, TRY_AGAIN: 1013, FORBIDDEN: 4403 } as const;

type RunningOperation = {
  payload: SubscribePayload;
  context: RequestContext;
  tally: Tally;
  startedAt: number;
  isLogged?: boolean;
};

type Connection = ConnectionExtra & {
  requestId: string;
  ip: string;
  /** Of the upgrade request, until it is known who it comes from: thousands of sockets would hold theirs for nothing. */
  headers: IncomingHttpHeaders;
  actor?: Actor;
  unwatch?: () => void;
  /** What the headers and `connection_init` ask all answers to tell. */
  asking?: Record<string, unknown> | undefined;
  eventSlots: Semaphore;
  /** The operations that run, by the ids that the client gave them. */
  running: Map<string, RunningOperation>;
} & Record<PropertyKey, unknown>;
type Socket = SocketContext<Record<string, unknown>, Connection>;
/** What graphql-ws hands back when the operation is to run. */
type Prepared = ExecutionArgs & { rootValue: Operation };

/** GraphQL over WebSocket. */
export type WebSocketTransport = {
  /** Takes over the connection of an upgrade request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1012, spread over a time: the client reconnects, to another process or to the next one. */
  close(spreadMs: number): Promise<void>;
};

/** What the transport is made of. */
export type WebSocketParts = {
  pipeline: Pipeline;
  gatekeeper: Gatekeeper;
  keyWatch: KeyWatch;
  metrics: Metrics;
  log: Logger;
};

/**
 * Creates the transport of the protocol graphql-transport-ws, as
 * https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md has it.
 */
export function createWebSocketTransport({
  pipeline,
  gatekeeper,
  keyWatch,
  metrics,
  log,
}: WebSocketParts): WebSocketTransport {
  // `closeTimeout` is missing in the types of ws.
  const options = {
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols,
  };
  const server = new WebSocketServer(options);
  const logRequest = createRequestLog(log);

  async function admit({ connectionParams, extra }: Socket): Promise<boolean> {
    const refuse = (reason: string) => {
      extra.socket.close(CLOSE.FORBIDDEN, reason);
      return false;
    };
    let reason = NO_KEY;
    try {
      const { requestId, ip, headers } = extra;
      const credentials = readConnectionCredentials(connectionParams, headers);
      if (!credentials) return refuse(NO_KEY);
      reason = WRONG_KEY;
      extra.asking = keepAsking(readConnectionFields(connectionParams, headers));
      extra.headers = {};
      extra.actor = await gatekeeper.admit(credentials, { requestId, ip });
      const { socket } = extra;
      if (socket.readyState !== socket.OPEN) return false; // it has closed meanwhile, so nothing would end the watch
      const closed = pipeline.connections.open(payerOf(extra.actor));
      socket.on('close', closed);
      extra.unwatch = keyWatch.watch(credentials, () => socket.close(CLOSE.FORBIDDEN, 'Forbidden'));
      return true;
    } catch (error) {
      const code = error instanceof DomainError ? error.code : 'UNAVAILABLE';
      if (code !== 'UNAVAILABLE' && code !== 'RATE_LIMITED') return refuse(reason);
      log.info({ err: error }, 'a WebSocket could not be let in');
      extra.socket.close(CLOSE.TRY_AGAIN, 'Try again later');
      return false;
    }
  }

  /** Returns what counts the frames of a client, takes a point for each BYTES_PER_POINT, and closes where none is left. */
  function createFrameCharge(extra: Connection): (bytes: number) => void {
    const { requestId, ip } = extra;
    let uncharged = 0;
    return (bytes) => {
      uncharged += Math.max(bytes, MIN_FRAME_BYTES);
      if (uncharged < BYTES_PER_POINT) return;
      const actor = extra.actor ?? { ...anonymous, requestId, ip };
      const charged = gatekeeper.charge({ requestId, actor }, Math.floor(uncharged / BYTES_PER_POINT));
      charged.catch(() => extra.socket.close(CLOSE.TRY_AGAIN, 'Try again later'));
      uncharged %= BYTES_PER_POINT;
    };
  }

  /** Returns errors: a throw here would close the whole socket with 4500. */
  async function prepare(
    { extra, subscriptions }: Socket,
    id: string,
    payload: SubscribePayload,
  ): Promise<Prepared | readonly GraphQLError[]> {
    const { query, variables, operationName, extensions } = payload;
    const { actor, eventSlots, running, socket, raw, reader } = extra;
    const requestId = requestIdOf({});
    const refuse = (error: unknown) => [toPublicError(error, requestId, log)];
    if (running.has(id)) {
      // graphql-ws sees this only where the client has not completed the first one, which may run on.
      socket.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
      return refuse(new Conflict(`The operation ${id} still runs; give each an id of its own.`));
    }
    const wanted = Object.keys(subscriptions).length;
    if (wanted > MAX_OPERATIONS || running.size >= MAX_RUNNING)
      return refuse(createLimitExceeded('A socket', MAX_OPERATIONS, 'operations at once', wanted));
    const context: RequestContext = {
      requestId,
      actor: { ...(actor as Actor), requestId },
      isAbandoned: () => socket.readyState !== socket.OPEN || !(id in subscriptions),
      maxAnswerBytes: EVENT_MAX_BYTES,
      eventSlots,
      told: readTold({ ...extra.asking, ...lowerCaseNames(extensions) }, 'socket'),
      push: createEventSender({ socket, raw, id, reader, sendBudget: pipeline.sendBudget, metrics }),
    };
    const tally = { ...createTally(null), userId: context.actor.userId };
    running.set(id, { payload, context, tally, startedAt: performance.now() });
    try {
      await gatekeeper.charge(context, pointsOf(0));
    } catch (error) {
      return refuse(error);
    }
    const documentId = documentIdOf(payload);
    const params = { query, documentId, variables: variables ?? null, operationName: operationName ?? null };
    const operation = prepareOperation(pipeline, params, context, log);
    if ('errors' in operation) return operation.errors;
    const run = () => countFor([tally], () => operation.run());
    return { ...operation, rootValue: { ...operation, run } };
  }

  /** An operation that ends with its socket may say so once more, when it sees that. */
  const finish = (operation: RunningOperation) => {
    const { context, tally, startedAt } = operation;
    context.release?.();
    if (operation.isLogged) return;
    operation.isLogged = true;
    logRequest({ requestId: context.requestId, method: 'WS', path: '/graphql', status: null, startedAt, tally });
  };

  const end = ({ extra: { running } }: Socket, id: string, payload: SubscribePayload) => {
    const operation = running.get(id);
    if (operation?.payload !== payload) return;
    running.delete(id);
    finish(operation);
  };

  const protocol = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: admit,
    onSubscribe: (socket, id, payload) => prepare(socket, id, payload) as Promise<ExecutionArgs | GraphQLError[]>,
    execute: ({ rootValue }) => (rootValue as Operation).run(),
    subscribe: ({ rootValue }) => (rootValue as Operation).run(),
    onOperation({ extra: { running } }, id, _payload, _args, result) {
      if (isStream(result as ExecutionResult | Events)) running.get(id)?.context.release?.();
    },
    onNext: ({ extra }) => waitForRoom(extra),
    onError: (socket, id, payload) => end(socket, id, payload),
    onComplete: (socket, id, payload) => end(socket, id, payload),
    onClose({ extra }) {
      extra.unwatch?.();
      for (const operation of extra.running.values()) finish(operation);
    },
  });

  /** Made once: in there it would hold every request of an upgrade. */
  const countClosed = () => metrics.sockets.dec();

  return {
    upgrade(request, raw, head) {
      server.handleUpgrade(request, raw, head, (socket) => {
        metrics.sockets.inc();
        socket.on('close', countClosed);
        const eventSlots = createSemaphore(EVENT_SLOTS);
        const reader = createReader(socket);
        const { headers } = request;
        const from = { requestId: requestIdOf(headers), ip: addressOf(request), headers };
        const extra: Connection = { ...from, socket, raw, reader, eventSlots, running: new Map() };
        attachSocket(protocol, extra, {
          log,
          sendBudget: pipeline.sendBudget,
          onFrame: createFrameCharge(extra),
        });
      });
    },
    async close(spreadMs) {
      await spreadOver(server.clients, spreadMs, (client) => client.close(CLOSE.RESTARTING, 'Server is restarting'));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
