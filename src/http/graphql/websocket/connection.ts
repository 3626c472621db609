import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import type { Tally } from '#adapters/database/tally.ts';
import type { Actor } from '#domain/core/actor.ts';
import type { Semaphore } from '#domain/core/semaphore.ts';
import type { ClientSocket } from './client-socket.ts';

/** Unsent bytes of a socket up to which further events are executed. */
const MAX_BUFFERED_BYTES = 4 * 2 ** 20;

/** An operation that has begun on a socket. */
export type RunningOperation = {
  /** As graphql-ws names the operation when it ends. */
  readonly payload: SubscribePayload;
  readonly requestId: string;
  /** Counts its statements for the log. */
  readonly tally: Tally;
  readonly startedAt: number;
  isLogged: boolean;
  /** Releases what it holds while it runs: its message, and its slot among its user's operations. May be called again. */
  letGo(): void;
};

/** The data that graphql-ws passes back with each connection. */
export type Connection = {
  socket: ClientSocket;
  raw: Duplex;
  requestId: string;
  ip: string;
  /** The headers of the upgrade request, until the client is authenticated: thousands of sockets would otherwise keep theirs in vain. */
  headers: IncomingHttpHeaders;
  actor?: Actor;
  /** Uncounts the connection of its user. */
  uncount?: () => void;
  /** Stops watching its key. */
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
