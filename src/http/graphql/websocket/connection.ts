import { isUtf8 } from 'node:buffer';
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
import { WebSocket } from 'ws';
import type { Tally } from '#adapters/database/tally.ts';
import { parseJson } from '#adapters/exact-json.ts';
import type { Logger } from '#adapters/log.ts';
import type { Actor } from '#domain/core/actor.ts';
import type { Semaphore } from '#domain/core/semaphore.ts';
import type { Hold } from '#http/graphql/limits/held-bytes.ts';
import type { SendBudget, SlowReader } from '#http/graphql/limits/send-budget.ts';
import type { RequestContext } from '#http/request.ts';

/** The interval at which connections are checked for a living peer. */
const CHECK_INTERVAL_MS = 6_000;
/**
 * A client with nothing left to receive is pinged at every fourth check only, after 24 s: pings are most of the cost of ten thousand
 * idle sockets.
 */
const CHECKS_A_PING = 4;

/** Unsent bytes of a socket up to which further events are executed. */
const MAX_BUFFERED_BYTES = 4 * 2 ** 20;
/** Close codes in addition to those of graphql-transport-ws. A slow reader resumes where it left off. */
export const CLOSE = { NO_UTF8: 1007, RESTARTING: 1012, TRY_AGAIN: 1013, FORBIDDEN: 4403, SLOW_READER: 4413 } as const;

/** How long a slow reader gets to receive the close frame; its unsent bytes stay in memory until then. */
const CUT_AFTER_MS = 200;

/** An operation that has begun on a socket. */
export type RunningOperation = {
  payload: SubscribePayload;
  /** The bytes of the message that began it, held until its events begin. */
  held: Hold;
  context: RequestContext;
  tally: Tally;
  startedAt: number;
  isLogged?: boolean;
};

/** The data that graphql-ws passes back with each connection. */
export type Connection = {
  socket: ClientSocket;
  raw: Duplex;
  reader: SlowReader;
  requestId: string;
  ip: string;
  /** The headers of the upgrade request, until the client is authenticated: thousands of sockets would otherwise keep theirs in vain. */
  headers: IncomingHttpHeaders;
  actor?: Actor;
  unwatch?: () => void;
  /** The fields of the headers and of `connection_init` that ask for extensions in all answers. */
  asking?: Record<string, unknown> | undefined;
  eventSlots: Semaphore;
  /** The bytes of the message that is being handled. */
  messageBytes: number;
  /** The running operations, by the client's ids. */
  running: Map<string, RunningOperation>;
} & Record<PropertyKey, unknown>;

/** A connection as passed to the hooks of graphql-ws. */
export type Socket = SocketContext<Record<string, unknown>, Connection>;

/** A client's socket, which refers to its link, so that all sockets share the same listener functions. */
export class ClientSocket extends WebSocket {
  link?: SocketLink | undefined;
}

/** The dependencies of a link, besides its connection. */
type LinkParts = { log: Logger; sendBudget: SendBudget; onFrame: (bytes: number) => void };

/**
 * Attaches graphql-ws to a socket, as its own adapter for ws does. Unlike there, a mistake of the client (a frame that is too large, a
 * message that only servers send) closes the socket with the protocol's code and is not logged as an error of the server.
 */
export function attachSocket(protocol: Server<Connection>, extra: Connection, parts: LinkParts): void {
  const { socket } = extra;
  const link = new SocketLink(extra, parts);
  socket.link = link;
  socket.on('message', takeMessage).on('ping', chargePing).on('pong', notePong).on('error', noteError).on('close', end);
  if (socket.protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL) link.onClosed = protocol.opened(link, extra);
  else socket.close(CloseCode.SubprotocolNotAcceptable, WRONG_PROTOCOL);
}

/** Checks UTF-8 only in binary frames: ws has already checked text frames. */
function takeMessage(this: ClientSocket, data: Buffer, isBinary: boolean): void {
  if (isBinary && !isUtf8(data)) this.close(CLOSE.NO_UTF8, 'Invalid UTF-8 sequence');
  else this.link?.takeMessage(data);
}
function chargePing(this: ClientSocket, data: Buffer): void {
  this.link?.parts.onFrame(data.length);
}
function notePong(this: ClientSocket): void {
  if (this.link) this.link.isPongAwaited = false;
}
function noteError(this: ClientSocket, error: Error): void {
  this.link?.parts.log.debug({ err: error }, 'a WebSocket broke');
}
function end(this: ClientSocket, code: number, reason: Buffer): void {
  this.link?.end(code, String(reason));
}

/** The connection between graphql-ws and a socket. */
class SocketLink {
  readonly parts: LinkParts;
  isPongAwaited = false;
  onClosed: ((code: number, reason: string) => Promise<void>) | undefined;
  readonly #connection: Connection;
  readonly #checks: NodeJS.Timeout;
  #checksSincePing = 0;
  #take: ((message: string) => Promise<void>) | undefined;

  constructor(connection: Connection, parts: LinkParts) {
    this.parts = parts;
    this.#connection = connection;
    this.#checks = setInterval(checkLink, CHECK_INTERVAL_MS, this);
  }

  get protocol(): string {
    return this.#connection.socket.protocol;
  }

  send(text: string): Promise<void> {
    const { socket, reader } = this.#connection;
    return send(socket, text, this.parts.sendBudget.add(reader, Buffer.byteLength(text)));
  }

  close(code?: number, reason?: string): void {
    this.#connection.socket.close(code, reason);
  }

  onMessage(take: (message: string) => Promise<void>): void {
    this.#take = take;
  }

  /** Does not await the result: that would keep the bytes of a subscription's message in memory for as long as it runs. */
  takeMessage(data: Buffer): void {
    this.parts.onFrame(data.length);
    this.#connection.messageBytes = data.length;
    try {
      // graphql-ws also accepts a parsed message, though its types do not say so.
      this.#take?.(parseJson(String(data)) as string).catch((error) => this.#refuse(error));
    } catch (error) {
      this.#refuse(error);
    }
  }

  /**
   * Pings the client, and ends the connection if no pong has come until the next check: with 4413 if the client has not read what was sent
   * before.
   */
  check(): void {
    const { socket } = this.#connection;
    const isWaiting = socket.bufferedAmount > 0;
    if (this.isPongAwaited) {
      if (isWaiting) socket.close(CLOSE.SLOW_READER, 'Slow reader');
      else socket.terminate();
      return;
    }
    this.#checksSincePing += 1;
    if (!isWaiting && this.#checksSincePing < CHECKS_A_PING) return;
    this.#checksSincePing = 0;
    this.isPongAwaited = true;
    socket.ping();
  }

  end(code: number, reason: string): void {
    clearInterval(this.#checks);
    void this.onClosed?.(code, reason);
  }

  #refuse(error: unknown): void {
    this.parts.log.debug({ err: error }, 'a WebSocket brought a message that is none');
    this.close(CloseCode.BadRequest, 'Invalid message received');
  }
}

const checkLink = (link: SocketLink): void => link.check();

/** The reason of close code 4406 for clients of subscriptions-transport-ws, within 123 bytes. */
const WRONG_PROTOCOL =
  'Subprotocol not acceptable: this is graphql-transport-ws, of the package graphql-ws, not the older graphql-ws';

/** The subprotocol of subscriptions-transport-ws, which confusingly has the name of the newer protocol's package. */
const LEGACY_PROTOCOL = 'graphql-ws';

/** Chooses the subprotocol. Accepts the older one only to close with a reason, because browsers reveal nothing about a failed handshake. */
export const chooseProtocol = (offered: Set<string>): string | false =>
  handleProtocols(offered) || (offered.has(LEGACY_PROTOCOL) ? LEGACY_PROTOCOL : false);

/** Returns a function that cuts off a socket whose client does not read. */
export const createReader = (socket: WebSocket): SlowReader => ({
  cut() {
    socket.close(CLOSE.SLOW_READER, 'Slow reader');
    setTimeout(() => socket.terminate(), CUT_AFTER_MS).unref();
  },
});

/** Resolves when the data is written, or when the socket has closed. */
function send(socket: WebSocket, text: string, onSent: () => void): Promise<void> {
  return new Promise<void>((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  }).finally(onSent);
}

/** Resolves when the client has read enough for more to be written, or is gone. */
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
