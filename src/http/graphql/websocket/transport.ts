import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { createSemaphore } from '#domain/core/semaphore.ts';
import { addressOf } from '#http/client-address.ts';
import { type Events, isStream } from '#http/graphql/events.ts';
import { refuseHandshake } from '#http/malformed-requests.ts';
import { requestIdOf } from '#http/request.ts';
import { spreadOver } from '#http/spread.ts';
import { type AdmissionParts, admit } from './admission.ts';
import { CheckWheel } from './check-wheel.ts';
import { CLOSE, ClientSocket } from './client-socket.ts';
import { type Connection, waitForRoom } from './connection.ts';
import { type Prepared, SocketOperations } from './operations.ts';
import { attachSocket, chooseProtocol } from './socket-link.ts';

/** Bytes of one message of a client at most; a larger one closes the socket with 1009. */
const MAX_FRAME_BYTES = 128 * 1024;
/** How long a client may take for `connection_init`. */
const INIT_TIMEOUT_MS = 3_000;
/** How long the client may take to close as well; then the connection is cut off. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Events of one socket that are executed and sent at once. Each holds at most one message in memory: about 4 MiB together. */
const EVENT_SLOTS = 4;

/** GraphQL over WebSocket. */
export type WebSocketTransport = {
  /** Takes over the connection of an upgrade request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1012, spread over a time: clients reconnect to another process, or to this one's successor. */
  close(spreadMs: number): Promise<void>;
};

/**
 * Creates the transport of the protocol graphql-transport-ws, as
 * https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md has it.
 */
export function createWebSocketTransport(parts: AdmissionParts): WebSocketTransport {
  const protocol = createProtocol(parts);
  // `closeTimeout` is missing in the types of ws.
  const options = {
    WebSocket: ClientSocket,
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: chooseProtocol,
  };
  const server = new WebSocketServer(options).on('wsClientError', refuseHandshake);
  const linkParts = { ...parts, checks: new CheckWheel() };
  return {
    upgrade(request, raw, head) {
      server.handleUpgrade(request, raw, head, (socket) => {
        const eventSlots = createSemaphore(EVENT_SLOTS);
        const { headers } = request;
        const from = { requestId: requestIdOf(headers), ip: addressOf(request), headers };
        const extra: Connection = { ...from, socket, raw, eventSlots, messageBytes: 0, running: new Map() };
        attachSocket(protocol, extra, linkParts);
      });
    },
    async close(spreadMs) {
      await spreadOver(server.clients, spreadMs, (client) => client.close(CLOSE.RESTARTING, 'Server is restarting'));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const run = ({ rootValue }: ExecutionArgs) =>
  (rootValue as Prepared['rootValue']).run() as Promise<ExecutionResult | AsyncGenerator<ExecutionResult>>;

/** Creates the protocol server of graphql-ws. */
function createProtocol(parts: AdmissionParts) {
  const operations = new SocketOperations(parts);
  return makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: (socket) => admit(socket, parts),
    onSubscribe: (socket, id, payload) =>
      operations.prepare(socket, id, payload) as Promise<ExecutionArgs | GraphQLError[]>,
    execute: run,
    subscribe: run,
    onOperation(socket, id, _payload, _args, result) {
      if (isStream(result as ExecutionResult | Events)) operations.release(socket, id);
    },
    onNext: ({ extra }) => waitForRoom(extra),
    onError: (socket, id, payload) => operations.end(socket, id, payload),
    onComplete: (socket, id, payload) => operations.end(socket, id, payload),
    onClose(socket) {
      socket.extra.uncount?.();
      socket.extra.unwatch?.();
      operations.endAll(socket);
    },
  });
}
