import { WebSocket } from 'ws';
import type { SocketLink } from './socket-link.ts';

/** Close codes in addition to those of graphql-transport-ws. A slow reader resumes where it left off. */
export const CLOSE = { NO_UTF8: 1007, RESTARTING: 1012, TRY_AGAIN: 1013, FORBIDDEN: 4403, SLOW_READER: 4413 } as const;

/** A client's socket, which refers to its link, so that all sockets share the same listener functions. */
export class ClientSocket extends WebSocket {
  link?: SocketLink | undefined;
}
