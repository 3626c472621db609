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

/** How often it is seen to that the other side is alive. */
const CHECK_INTERVAL_MS = 6_000;
/**
 * One to whom nothing waits to be sent is pinged at every fourth check, after 24 s: of ten thousand idle sockets, pings are
 * most of the cost.
 */
const CHECKS_A_PING = 4;

/** What may wait for a reader before more is answered on its socket. */
const MAX_BUFFERED_BYTES = 4 * 2 ** 20;
/** Close codes beside those of the graphql-transport-ws protocol. A slow reader resumes where it was. */
export const CLOSE = { NO_UTF8: 1007, RESTARTING: 1012, TRY_AGAIN: 1013, FORBIDDEN: 4403, SLOW_READER: 4413 } as const;

/** How long a reader that is cut off gets to read that it is: what waits for it is in memory until then. */
const CUT_AFTER_MS = 200;

/** An operation that was begun on a socket. */
export type RunningOperation = {
  payload: SubscribePayload;
  /** Of what it was sent with, until its events begin. */
  held: Hold;
  context: RequestContext;
  tally: Tally;
  startedAt: number;
  isLogged?: boolean;
};

/** What graphql-ws hands back with each connection. */
export type Connection = {
  socket: ClientSocket;
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
  /** Of the message that is being taken. */
  messageBytes: number;
  /** The operations that run, by the ids that the client gave them. */
  running: Map<string, RunningOperation>;
} & Record<PropertyKey, unknown>;

/** A connection as the hooks of graphql-ws get it. */
export type Socket = SocketContext<Record<string, unknown>, Connection>;

/** A socket of a client, which knows its link: so the listeners of all sockets are the same functions. */
export class ClientSocket extends WebSocket {
  link?: SocketLink | undefined;
}

/** What a link is made of, beside its connection. */
type LinkParts = { log: Logger; sendBudget: SendBudget; onFrame: (bytes: number) => void };

/**
 * Attaches graphql-ws to a socket, as its own adapter for ws does, except that what a client does wrong (a frame that
 * is too large, a message that only servers send) closes with the code of the protocol and is no error of ours.
 */
export function attachSocket(protocol: Server<Connection>, extra: Connection, parts: LinkParts): void {
  const { socket } = extra;
  const link = new SocketLink(extra, parts);
  socket.link = link;
  socket.on('message', takeMessage).on('ping', chargePing).on('pong', notePong).on('error', noteError).on('close', end);
  if (socket.protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL) link.onClosed = protocol.opened(link, extra);
  else socket.close(CloseCode.SubprotocolNotAcceptable, WRONG_PROTOCOL);
}

/** Of frames of text ws has looked at the bytes already. */
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

/** What graphql-ws speaks through. */
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

  /** What becomes of it is not awaited, which would hold the bytes of a subscription for as long as it runs. */
  takeMessage(data: Buffer): void {
    this.parts.onFrame(data.length);
    this.#connection.messageBytes = data.length;
    try {
      // graphql-ws takes a message that is parsed, too, which its types do not say.
      this.#take?.(parseJson(String(data)) as string).catch((error) => this.#refuse(error));
    } catch (error) {
      this.#refuse(error);
    }
  }

  /**
   * Pings the other side, and ends the connection where no pong came until the next check, with 4413 where it has not read
   * what came before.
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
