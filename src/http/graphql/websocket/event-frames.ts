import type { Duplex } from 'node:stream';
import type { SlowReader } from '#http/graphql/limits/send-budget.ts';
import type { Pipeline } from '#http/graphql/pipeline.ts';
import type { ClientSocket } from './client-socket.ts';

/** FIN and the opcode of text (RFC 6455, 5.2). */
const TEXT = 0x81;
/**
 * Up to this many bytes, an event is copied after its header, so that a single write suffices; larger ones are shared by all sockets
 * without a copy.
 */
const MAX_COPIED_BYTES = 16 * 1024;
/** Bytes of a frame's header with a 64-bit length. */
const MAX_HEADER_BYTES = 10;

/** The socket of a client, and the connection below it. */
export type EventTarget = { socket: ClientSocket; raw: Duplex };

/** Returns the beginning of the `next` messages of an operation, up to their payload. */
export const createHead = (id: string): Buffer => Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);

/**
 * Sends a result, as JSON, in a `next` message of graphql-transport-ws, in a frame of its own. Sends nothing and returns false if the
 * client has not read what was sent before.
 */
export function sendEvent(
  { socket, raw }: EventTarget,
  head: Buffer,
  result: Buffer,
  { sendBudget, metrics }: Pick<Pipeline, 'sendBudget' | 'metrics'>,
): boolean {
  if (socket.readyState !== socket.OPEN || raw.writableLength > 0) return false;
  metrics.countEvent();
  const length = head.length + result.length + 1;
  const isCopied = result.length <= MAX_COPIED_BYTES;
  const frame = Buffer.allocUnsafe(MAX_HEADER_BYTES + head.length + (isCopied ? result.length + 1 : 0));
  let end = writeHeader(frame, length);
  end += head.copy(frame, end);
  if (isCopied) {
    end += result.copy(frame, end);
    frame[end++] = 0x7d;
    raw.write(frame.subarray(0, end));
  } else {
    raw.cork();
    raw.write(frame.subarray(0, end));
    raw.write(result);
    raw.write('}');
    raw.uncork();
  }
  // Most writes need no callback, because the kernel has already taken them.
  if (raw.writableLength > 0) raw.write('', sendBudget.add(socket.link as SlowReader, length));
  return true;
}

/** Writes the header of a text frame from a server, and returns its length. */
function writeHeader(frame: Buffer, length: number): number {
  frame[0] = TEXT;
  if (length < 126) {
    frame[1] = length;
    return 2;
  }
  if (length < 65_536) {
    frame[1] = 126;
    return frame.writeUInt16BE(length, 2);
  }
  frame[1] = 127;
  return frame.writeBigUInt64BE(BigInt(length), 2);
}
