import { isUtf8 } from 'node:buffer';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { parseJson } from '#adapters/exact-json.ts';
import type { Logger } from '#adapters/log.ts';
import type { Pipeline } from '#http/graphql/pipeline.ts';
import { BYTES_PER_POINT, type Gatekeeper } from '#http/request.ts';
import { anonymous } from '#resolvers/context.ts';
import type { CheckWheel } from './check-wheel.ts';
import { CLOSE, type ClientSocket, type Link } from './client-socket.ts';
import type { Connection } from './connection.ts';

/**
 * A client with nothing left to receive is pinged at every fourth check only, after 24 s: pings are most of the cost of ten thousand
 * idle sockets.
 */
const CHECKS_A_PING = 4;

/** The bytes that a frame counts for at least. Operations cost points of their own; this covers everything else, such as pings. */
const MIN_FRAME_BYTES = 1024;

/** How long a slow reader gets to receive the close frame; its unsent bytes stay in memory until then. */
const CUT_AFTER_MS = 200;

/** What the links of all sockets share. */
export type LinkParts = {
  pipeline: Pick<Pipeline, 'sendBudget' | 'metrics'>;
  gatekeeper: Gatekeeper;
  log: Logger;
  checks: CheckWheel;
};

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
  this.link?.chargeFrame(data.length);
}
function notePong(this: ClientSocket): void {
  if (this.link) this.link.isPongAwaited = false;
}
function noteError(this: ClientSocket, error: Error): void {
  this.link?.noteError(error);
}
function end(this: ClientSocket, code: number, reason: Buffer): void {
  this.link?.end(code, String(reason));
}

/** The connection between graphql-ws and a socket. */
class SocketLink implements Link {
  isPongAwaited = false;
  onClosed: ((code: number, reason: string) => Promise<void>) | undefined;
  readonly #connection: Connection;
  readonly #parts: LinkParts;
  #checksSincePing = 0;
  #unchargedBytes = 0;
  #take: ((message: string) => Promise<void>) | undefined;

  constructor(connection: Connection, parts: LinkParts) {
    this.#connection = connection;
    this.#parts = parts;
    parts.pipeline.metrics.sockets.inc();
    parts.checks.add(this);
  }

  get protocol(): string {
    return this.#connection.socket.protocol;
  }

  send(text: string): Promise<void> {
    const { socket } = this.#connection;
    return send(socket, text, this.#parts.pipeline.sendBudget.add(this, Buffer.byteLength(text)));
  }

  close(code?: number, reason?: string): void {
    this.#connection.socket.close(code, reason);
  }

  onMessage(take: (message: string) => Promise<void>): void {
    this.#take = take;
  }

  /** Does not await the result: that would keep the bytes of a subscription's message in memory for as long as it runs. */
  takeMessage(data: Buffer): void {
    this.chargeFrame(data.length);
    this.#connection.messageBytes = data.length;
    try {
      // graphql-ws also accepts a parsed message, though its types do not say so.
      this.#take?.(parseJson(String(data)) as string).catch((error) => this.#refuse(error));
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Takes a point for each BYTES_PER_POINT of a client's frames, and closes its socket if none is left. */
  chargeFrame(bytes: number): void {
    this.#unchargedBytes += Math.max(bytes, MIN_FRAME_BYTES);
    if (this.#unchargedBytes < BYTES_PER_POINT) return;
    const { requestId, ip, actor = { ...anonymous, requestId, ip } } = this.#connection;
    const points = Math.floor(this.#unchargedBytes / BYTES_PER_POINT);
    this.#unchargedBytes %= BYTES_PER_POINT;
    this.#parts.gatekeeper
      .charge({ requestId, actor }, points)
      .catch(() => this.close(CLOSE.TRY_AGAIN, 'Try again later'));
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

  cut(): void {
    const { socket } = this.#connection;
    socket.close(CLOSE.SLOW_READER, 'Slow reader');
    setTimeout(() => socket.terminate(), CUT_AFTER_MS).unref();
  }

  onAccessEnded(): void {
    this.close(CLOSE.FORBIDDEN, 'Forbidden');
  }

  noteError(error: Error): void {
    this.#parts.log.debug({ err: error }, 'a WebSocket broke');
  }

  end(code: number, reason: string): void {
    this.#parts.checks.delete(this);
    this.#parts.pipeline.metrics.sockets.dec();
    void this.onClosed?.(code, reason);
  }

  #refuse(error: unknown): void {
    this.#parts.log.debug({ err: error }, 'a WebSocket brought a message that is none');
    this.close(CloseCode.BadRequest, 'Invalid message received');
  }
}

/** The reason of close code 4406 for clients of subscriptions-transport-ws, within 123 bytes. */
const WRONG_PROTOCOL =
  'Subprotocol not acceptable: this is graphql-transport-ws, of the package graphql-ws, not the older graphql-ws';

/** The subprotocol of subscriptions-transport-ws, which confusingly has the name of the newer protocol's package. */
const LEGACY_PROTOCOL = 'graphql-ws';

/** Chooses the subprotocol. Accepts the older one only to close with a reason, because browsers reveal nothing about a failed handshake. */
export const chooseProtocol = (offered: Set<string>): string | false =>
  handleProtocols(offered) || (offered.has(LEGACY_PROTOCOL) ? LEGACY_PROTOCOL : false);

/** Resolves when the data is written, or when the socket has closed. */
function send(socket: WebSocket, text: string, onSent: () => void): Promise<void> {
  return new Promise<void>((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  }).finally(onSent);
}
