import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '#domain/core/errors.ts';

/** The error for a request that has no response object. */
export type Refusal = { status: number; code: ErrorCode; message: string };

const MALFORMED: Refusal = {
  status: 400,
  code: 'BAD_USER_INPUT',
  message:
    'This is no HTTP request that the server can read; check the method, the headers and the length of the body.',
};

/** The errors by the codes of Node (https://nodejs.org/api/http.html#event-clienterror). */
const REFUSALS: Record<string, Refusal> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'UNAVAILABLE',
    message: 'The headers of the request took too long to arrive; nothing was done, send it again.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'LIMIT_EXCEEDED',
    message: 'The headers of the request are over 16 KiB together; send fewer or shorter ones.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'LIMIT_EXCEEDED',
    message: 'The chunk extensions of the body are over 16 KiB; send it without them.',
  },
};

/** Responds to a request that Node could not parse, in the form of all other errors, and closes its connection. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex, responding: boolean): void {
  if (error.code === 'ECONNRESET' || !socket.writable || responding) {
    socket.destroy();
    return;
  }
  endWith(socket, REFUSALS[error.code ?? ''] ?? MALFORMED);
}

/** Closes a connection with an error in the form of all others, and with additional header lines. */
export function endWith(socket: Duplex, { status, code, message }: Refusal, headers: readonly string[] = []): void {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'connection: close',
      'cache-control: no-store',
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      ...headers,
      '',
      body,
    ].join('\r\n'),
  );
}

/** Responds to an invalid WebSocket handshake (RFC 6455, section 4.4), and closes its connection. */
export function refuseHandshake({ message }: Error, socket: Duplex): void {
  endWith(socket, { status: 400, code: 'BAD_USER_INPUT', message: `${message}; let a library of WebSocket connect.` }, [
    'sec-websocket-version: 13',
  ]);
}
