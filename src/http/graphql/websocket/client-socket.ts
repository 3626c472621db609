import { WebSocket } from 'ws';
import type { AccessHolder } from '#http/access-holder.ts';
import type { SlowReader } from '#http/graphql/limits/send-budget.ts';

/** Close codes in addition to those of graphql-transport-ws. A slow reader resumes where it left off. */
export const CLOSE = { NO_UTF8: 1007, RESTARTING: 1012, TRY_AGAIN: 1013, FORBIDDEN: 4403, SLOW_READER: 4413 } as const;

/** What a socket tells of what happens to it, and what may end it. */
export interface Link extends SlowReader, AccessHolder {
  isPongAwaited: boolean;
  takeMessage(data: Buffer): void;
  chargeFrame(bytes: number): void;
  noteError(error: Error): void;
  end(code: number, reason: string): void;
}

/** A client's socket, which refers to its link, so that all sockets share the same listener functions. */
export class ClientSocket extends WebSocket {
  link?: Link | undefined;
}
