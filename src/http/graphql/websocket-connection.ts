import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Logger } from '#adapters/log.ts';

const PING_EVERY_MS = 12_000;

export type ConnectionExtra = { socket: WebSocket; request: IncomingMessage };

/**
 * Lets graphql-ws speak over a socket, as its own adapter for ws does, except that what a client does wrong (a frame that
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

/** Resolves when it is written; also where there is nobody left to read it. */
function send(socket: WebSocket, text: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => socket.send(text, () => resolve()));
}

/** Ends a connection whose other side is gone without a word. */
function startPinging(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
}
