// The parts of PostgreSQL's wire protocol that sharing one session depends on:
// https://www.postgresql.org/docs/18/protocol-message-formats.html

/** One message of a client, with all its bytes. The first messages of a connection have no type letter. */
export interface ClientMessage {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The size of a message's type letter in bytes. */
const TYPE_LENGTH = 1;
/** The size of the length that follows it in bytes. */
const LENGTH_LENGTH = 4;

/** Yields what a client sends, message by message. Linear in the number of bytes, however many chunks a message arrives in. */
export async function* readMessages(stream: AsyncIterable<Buffer>): AsyncGenerator<ClientMessage> {
  let started = false;
  let chunks: Buffer[] = [];
  let received = 0;
  let wanted = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    received += chunk.length;
    if (received < wanted) continue;
    let rest = Buffer.concat(chunks);
    for (wanted = messageLength(rest, started); rest.length >= wanted; wanted = messageLength(rest, started)) {
      const bytes = rest.subarray(0, wanted);
      rest = rest.subarray(wanted);
      yield { type: started ? String.fromCharCode(bytes.readUInt8(0)) : '', bytes };
      started ||= isStartup(bytes);
    }
    chunks = [rest];
    received = rest.length;
  }
}

/** Returns the length of the message that begins with these bytes, or the number of bytes needed to know it. */
function messageLength(bytes: Buffer, typed: boolean): number {
  const headLength = (typed ? TYPE_LENGTH : 0) + LENGTH_LENGTH;
  if (bytes.length < headLength) return headLength;
  return typed ? TYPE_LENGTH + bytes.readInt32BE(TYPE_LENGTH) : bytes.readInt32BE(0);
}

/** Whether a message without a type starts the session (protocol 3.x). */
export function isStartup(bytes: Buffer): boolean {
  return bytes.readUInt16BE(LENGTH_LENGTH) === 3;
}

/** Whether a message without a type requests TLS or GSS encryption first. */
export function isEncryptionRequest(bytes: Buffer): boolean {
  const code = bytes.readInt32BE(LENGTH_LENGTH);
  return code === 80877103 || code === 80877104;
}

/** Whether the response to a message ends with a ReadyForQuery: Query, Sync and function call. */
export function endsCycle(type: string): boolean {
  return type === 'Q' || type === 'S' || type === 'F';
}

/** Whether the client waits for a response after this message, so that it has to be passed on together with everything before it. */
export function awaitsResponse(type: string): boolean {
  return endsCycle(type) || type === 'H' || type === 'c' || type === 'f';
}

/**
 * Reads the ReadyForQuery at the end of a response: idle, in a transaction, or in a failed one. Throws if there is none: PGlite swallows
 * its own exceptions, such as a stack overflow, and would leave the client waiting for ever.
 */
export function readTransactionStatus(response: Buffer): 'I' | 'T' | 'E' {
  const end = response.toString('latin1', response.length - 6);
  const status = end.at(-1);
  if (end.startsWith('Z\0\0\0\x05') && (status === 'I' || status === 'T' || status === 'E')) return status;
  throw new Error('PGlite broke off in the middle of a statement.');
}

/** Encodes a Query of the simple query protocol. */
export function encodeQuery(sql: string): Buffer {
  return encodeMessage('Q', `${sql}\0`);
}

/** Encodes the Close of a prepared statement. */
export function encodeClose(statement: string): Buffer {
  return encodeMessage('C', `S${statement}\0`);
}

/** Encodes a Sync. */
export function encodeSync(): Buffer {
  return encodeMessage('S', '');
}

function encodeMessage(type: string, body: string): Buffer {
  const message = Buffer.from(`${type}\0\0\0\0${body}`);
  message.writeInt32BE(message.length - TYPE_LENGTH, TYPE_LENGTH);
  return message;
}
