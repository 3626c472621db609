import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { SendBudget, SlowReader } from '#http/graphql/limits/send-budget.ts';
import type { Metrics } from '#http/ops/metrics.ts';

/** FIN and the opcode of text (RFC 6455, 5.2). */
const TEXT = 0x81;
/** Up to this many bytes an event is copied behind its head, so that one write takes it; a larger one is written as it is, once for all. */
const MAX_COPIED_BYTES = 16 * 1024;
/** Of the header, with a length of 64 bits. */
const MAX_HEADER_BYTES = 10;

/** The connection of one client, and the operation that is told. */
export type EventTarget = {
  socket: WebSocket;
  raw: Duplex;
  id: string;
  reader: SlowReader;
  sendBudget: SendBudget;
  metrics: Metrics;
};

/**
 * Returns what sends results, as JSON, to one operation of a client: as messages `next` of graphql-transport-ws, in frames of
 * their own. It sends nothing and returns false where the client has not taken what was sent before.
 */
export function createEventSender({
  socket,
  raw,
  id,
  reader,
  sendBudget,
  metrics,
}: EventTarget): (result: Buffer) => boolean {
  let head: Buffer | undefined;
  return (result) => {
    if (socket.readyState !== socket.OPEN || raw.writableLength > 0) return false;
    head ??= Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
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
    // Nothing is called back for most, which the system has taken by now.
    if (raw.writableLength > 0) raw.write('', sendBudget.add(reader, length));
    return true;
  };
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
