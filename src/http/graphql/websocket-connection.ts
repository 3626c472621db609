import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Logger } from '#adapters/log.ts';

/** The graphql-ws library's own interval for ws. */
const PING_INTERVAL_MS = 12_000;

/** What graphql-ws hands back with each connection. */
export type ConnectionExtra = { socket: WebSocket; request: IncomingMessage };

/**
 * Attaches graphql-ws to a socket, as its own adapter for ws does, except that what a client does wrong (a frame that
 * is too large, a message that only servers send) closes with the code of the protocol and is no error of ours.
 */
export function attachSocket<Extra extends ConnectionExtra>(protocol: Server<Extra>, extra: Extra, log: Logger): void {
  const { socket } = extra;
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => send(socket, text),
      close: (code, reason) => socket.close(code, reason),
      onMessage(take) {
        socket.on('message', (data) => {
          take(String(data)).catch((error: unknown) => {
            log.debug({ err: error }, 'a WebSocket brought a message that is none');
            socket.close(CloseCode.BadRequest, 'Invalid message received');
          });
        });
      },
    },
    extra,
  );
  const stopPinging = startPinging(socket);
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket broke'));
  socket.on('close', (code, reason) => {
    stopPinging();
    void closed(code, String(reason));
  });
}

/** Resolves when it is written; also where the socket has closed. */
function send(socket: WebSocket, text: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => socket.send(text, () => resolve()));
}

/** Pings the other side, and ends the connection where no pong came until the next ping. Returns how to stop. */
function startPinging(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  return () => clearInterval(timer);
}
