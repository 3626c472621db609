import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  CloseCode,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  handleProtocols,
  type Server,
  type Context as SocketContext,
  type SubscribePayload,
} from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Tally } from '#adapters/database/tally.ts';
import { parseJson } from '#adapters/exact-json.ts';
import type { Logger } from '#adapters/log.ts';
import type { Actor } from '#domain/core/actor.ts';
import type { Semaphore } from '#domain/core/semaphore.ts';
import type { RequestContext } from '#http/request.ts';
import type { SendBudget, SlowReader } from './send-budget.ts';

/** How often it is seen to that the other side is alive. */
const CHECK_INTERVAL_MS = 6_000;
/**
 * One to whom nothing waits to be sent is pinged at every fourth check, after 24 s: of ten thousand idle sockets, pings are
 * most of the cost.
 */
const CHECKS_A_PING = 4;

/** What may wait for a reader before more is answered on its socket. */
const MAX_BUFFERED_BYTES = 4 * 2 ** 20;
/** Close codes beside those of the graphql-transport-ws protocol and RFC 6455. A slow reader resumes where it was. */
export const CLOSE = { RESTARTING: 1012, TRY_AGAIN: 1013, FORBIDDEN: 4403, SLOW_READER: 4413 } as const;

/** How long a reader that is cut off gets to read that it is: what waits for it is in memory until then. */
const CUT_AFTER_MS = 200;

/** An operation that was begun on a socket. */
export type RunningOperation = {
  payload: SubscribePayload;
  context: RequestContext;
  tally: Tally;
  startedAt: number;
  isLogged?: boolean;
};

/** What graphql-ws hands back with each connection. */
export type Connection = {
  socket: WebSocket;
  raw: Duplex;
  reader: SlowReader;
  requestId: string;
  ip: string;
  /** Of the upgrade request, until it is known who it comes from: thousands of sockets would hold theirs for nothing. */
  headers: IncomingHttpHeaders;
  actor?: Actor;
  unwatch?: () => void;
  /** Those fields of the headers and of `connection_init` that ask for extensions of all answers. */
  asking?: Record<string, unknown> | undefined;
  eventSlots: Semaphore;
  /** The operations that run, by the ids that the client gave them. */
  running: Map<string, RunningOperation>;
} & Record<PropertyKey, unknown>;

/** A connection as the hooks of graphql-ws get it. */
export type Socket = SocketContext<Record<string, unknown>, Connection>;

/**
 * Attaches graphql-ws to a socket, as its own adapter for ws does, except that what a client does wrong (a frame that
 * is too large, a message that only servers send) closes with the code of the protocol and is no error of ours.
 */
export function attachSocket(
  protocol: Server<Connection>,
  extra: Connection,
  { log, sendBudget, onFrame }: { log: Logger; sendBudget: SendBudget; onFrame: (bytes: number) => void },
): void {
  const { socket, reader } = extra;
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket broke'));
  if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
    socket.close(CloseCode.SubprotocolNotAcceptable, WRONG_PROTOCOL);
    return;
  }
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => send(socket, text, sendBudget.add(reader, Buffer.byteLength(text))),
      close: (code, reason) => socket.close(code, reason),
      onMessage(take) {
        socket.on('message', async (data: Buffer) => {
          onFrame(data.length);
          try {
            // graphql-ws takes a message that is parsed, too, which its types do not say.
            await take(parseJson(String(data)) as string);
          } catch (error) {
            log.debug({ err: error }, 'a WebSocket brought a message that is none');
            socket.close(CloseCode.BadRequest, 'Invalid message received');
          }
        });
      },
    },
    extra,
  );
  socket.on('ping', (data) => onFrame(data.length));
  const stopPinging = startPinging(socket);
  socket.on('close', (code, reason) => {
    stopPinging();
    void closed(code, String(reason));
  });
}

/** Said in the reason of 4406, of at most 123 bytes, to clients of subscriptions-transport-ws. */
const WRONG_PROTOCOL =
  'Subprotocol not acceptable: this is graphql-transport-ws, of the package graphql-ws, not the older graphql-ws';

/** The subprotocol of subscriptions-transport-ws, which is called as the package of the newer one is. */
const LEGACY_PROTOCOL = 'graphql-ws';

/** Chooses the subprotocol; the older one only to close in words, as browsers tell nothing of a handshake that fails. */
export const chooseProtocol = (offered: Set<string>): string | false =>
  handleProtocols(offered) || (offered.has(LEGACY_PROTOCOL) ? LEGACY_PROTOCOL : false);

/** Returns how to cut off a socket whose client does not read. */
export const createReader = (socket: WebSocket): SlowReader => ({
  cut() {
    socket.close(CLOSE.SLOW_READER, 'Slow reader');
    setTimeout(() => socket.terminate(), CUT_AFTER_MS).unref();
  },
});

/** Resolves when it is written; also where the socket has closed. */
function send(socket: WebSocket, text: string, onSent: () => void): Promise<void> {
  return new Promise<void>((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  }).finally(onSent);
}

/** Resolves when the reader has taken so much that more may be written, or has gone. */
export async function waitForRoom({ socket, raw }: Connection): Promise<void> {
  while (socket.readyState === socket.OPEN && socket.bufferedAmount > MAX_BUFFERED_BYTES) {
    await new Promise<void>((resolve) => {
      const done = () => {
        raw.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      raw.on('drain', done);
      socket.on('close', done);
    });
  }
}

/**
 * Pings the other side, and ends the connection where no pong came until the next check, with 4413 where it has not read
 * what came before. Returns how to stop.
 */
function startPinging(socket: WebSocket): () => void {
  let isAwaited = false;
  let checks = 0;
  socket.on('pong', () => {
    isAwaited = false;
  });
  const timer = setInterval(() => {
    const isWaiting = socket.bufferedAmount > 0;
    if (isAwaited && isWaiting) return socket.close(CLOSE.SLOW_READER, 'Slow reader');
    if (isAwaited) return socket.terminate();
    checks += 1;
    if (!isWaiting && checks < CHECKS_A_PING) return;
    checks = 0;
    isAwaited = true;
    socket.ping();
  }, CHECK_INTERVAL_MS);
  return () => clearInterval(timer);
}
